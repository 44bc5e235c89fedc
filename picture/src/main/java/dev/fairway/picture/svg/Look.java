package dev.fairway.picture.svg;

import java.util.Locale;

/// How a shape looks, in light and in dark. What a colour says is also said by a word or a form.
enum Look {
    GROUND("#ffffff", "none", "#0d1117", "none"),
    OUTSIDE("#eef6ff", "#57606a", "#10243d", "#9da7b3"),
    BALANCER("#fff1e5", "#bc4c00", "#33200f", "#f0883e"),
    NODE_PORT("#dafbe1", "#1a7f37", "#0f2f1b", "#3fb950"),
    CLUSTER_IP("#ddf4ff", "#0969da", "#0c2d4a", "#58a6ff"),
    EXTERNAL("#fbefff", "#8250df", "#2a1a3e", "#bc8cff"),
    NODE("#f6f8fa", "#57606a", "#161b22", "#8b949e", "2", ""),
    POD("#ffffff", "#1f2328", "#0d1117", "#e6edf3"),
    GREY_POD("#eaeef2", "#6e7781", "#21262d", "#8b949e", "1", "4 3"),
    GHOST("#ffffff", "#6e7781", "#0d1117", "#8b949e", "1", "4 3"),
    INK("#1f2328", "none", "#e6edf3", "none"),
    SOFT("#57606a", "none", "#9da7b3", "none"),
    ALARM("#a40e26", "none", "#ff7b72", "none"),
    READY("#1a7f37", "#1a7f37", "#3fb950", "#3fb950"),
    HOLLOW("none", "#57606a", "none", "#9da7b3", "1.5", ""),
    FLOW("none", "#57606a", "none", "#9da7b3", "1.5", ""),
    TIP("#57606a", "none", "#9da7b3", "none"),
    IDLE_FLOW("none", "#6e7781", "none", "#8b949e", "1.5", "3 4");

    /// In place of a colour: nothing is painted.
    static final String NONE = "none";

    private final String fill;
    private final String stroke;
    private final String darkFill;
    private final String darkStroke;
    private final String strokeWidth;
    private final String dashes;

    Look(String fill, String stroke, String darkFill, String darkStroke) {
        this(fill, stroke, darkFill, darkStroke, "1", "");
    }

    /// @param strokeWidth in pixels
    /// @param dashes the lengths of a line's dashes and gaps in turn, empty for a whole line
    Look(String fill, String stroke, String darkFill, String darkStroke, String strokeWidth, String dashes) {
        this.fill = fill;
        this.stroke = stroke;
        this.darkFill = darkFill;
        this.darkStroke = darkStroke;
        this.strokeWidth = strokeWidth;
        this.dashes = dashes;
    }

    /// A colour such as `#1f2328`, or {@link #NONE}.
    String fill(boolean isDark) {
        return isDark ? darkFill : fill;
    }

    String stroke(boolean isDark) {
        return isDark ? darkStroke : stroke;
    }

    String strokeWidth() {
        return strokeWidth;
    }

    String dashes() {
        return dashes;
    }

    String className() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Plain classes in place of variables, which not every viewer of SVG knows.
    static String styleSheet() {
        StringBuilder out = new StringBuilder();
        for (Look look : values()) {
            out.append(look.rule(look.fill, look.stroke, look.line()));
        }
        out.append("@media (prefers-color-scheme:dark){\n");
        for (Look look : values()) {
            out.append(look.rule(look.darkFill, look.darkStroke, ""));
        }
        return out.append("}\n").toString();
    }

    private String line() {
        return (strokeWidth.equals("1") ? "" : ";stroke-width:" + strokeWidth)
                + (dashes.isEmpty() ? "" : ";stroke-dasharray:" + dashes);
    }

    private String rule(String fillColour, String strokeColour, String more) {
        return "." + className() + "{fill:" + fillColour + ";stroke:" + strokeColour + more + "}\n";
    }
}
