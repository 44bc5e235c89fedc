package dev.fairway.picture.svg;

import java.util.List;

/// Lines that lead somewhere.
final class Arrows {

    private static final int TIP = 6;

    private Arrows() {}

    static List<Shape> down(Look look, int x, int top, int bottom) {
        return List.of(new Shape.Path(look, "M" + x + " " + top + " V" + (bottom - TIP)), downTip(x, bottom));
    }

    /// Down to `turn`, sideways, and down again.
    static List<Shape> bent(Look look, int fromX, int top, int turn, int toX, int bottom) {
        String steps = "M" + fromX + " " + top + " V" + turn + " H" + toX + " V" + (bottom - TIP);
        return List.of(new Shape.Path(look, steps), downTip(toX, bottom));
    }

    /// Down, then to the right.
    static List<Shape> branch(Look look, int x, int top, int turn, int toX) {
        String steps = "M" + x + " " + top + " V" + turn + " H" + (toX - TIP);
        return List.of(new Shape.Path(look, steps), rightTip(toX, turn));
    }

    static List<Shape> right(Look look, int fromX, int y, int toX) {
        return List.of(new Shape.Path(look, "M" + fromX + " " + y + " H" + (toX - TIP)), rightTip(toX, y));
    }

    private static Shape downTip(int x, int y) {
        return new Shape.Path(Look.TIP, "M" + x + " " + y + " l-4 -" + TIP + " h8 z");
    }

    private static Shape rightTip(int x, int y) {
        return new Shape.Path(Look.TIP, "M" + x + " " + y + " l-" + TIP + " -4 v8 z");
    }
}
