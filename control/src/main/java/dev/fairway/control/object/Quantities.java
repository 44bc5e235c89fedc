package dev.fairway.control.object;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads quantities such as `1500m`, `4` and `2Gi`.
public final class Quantities {

    private static final Pattern FORM = Pattern.compile("([+-]?[0-9.]{1,30}(?:[eE][+-]?[0-9]{1,2})?)([A-Za-z]{0,2})");

    private static final Map<String, Double> FACTORS = Map.ofEntries(
            Map.entry("", 1.0),
            Map.entry("n", 1e-9),
            Map.entry("u", 1e-6),
            Map.entry("m", 1e-3),
            Map.entry("k", 1e3),
            Map.entry("M", 1e6),
            Map.entry("G", 1e9),
            Map.entry("T", 1e12),
            Map.entry("Ki", 0x1p10),
            Map.entry("Mi", 0x1p20),
            Map.entry("Gi", 0x1p30),
            Map.entry("Ti", 0x1p40));

    private Quantities() {}

    /// 0 for what is no quantity.
    public static double parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return 0;
        }
        try {
            return new BigDecimal(form.group(1)).doubleValue() * FACTORS.getOrDefault(form.group(2), 0.0);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
