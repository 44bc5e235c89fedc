package dev.fairway.scenarios;

import java.util.Map;
import java.util.TreeMap;

/// How many answers came from whom: counts lines such as `pod=web-1` in what many requests printed.
record Shares(Map<String, Integer> counts) {

    static Shares of(String output, String field) {
        Map<String, Integer> counts = new TreeMap<>();
        output.lines()
                .filter(line -> line.startsWith(field + "="))
                .forEach(line -> counts.merge(line.substring(field.length() + 1), 1, Integer::sum));
        return new Shares(counts);
    }

    int total() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
