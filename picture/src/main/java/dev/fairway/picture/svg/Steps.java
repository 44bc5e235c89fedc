package dev.fairway.picture.svg;

import java.awt.geom.Arc2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.util.Arrays;

/// The part of SVG's path language that pictures use, as a path of Java2D: `M H V` with places, `l h v z` with
/// distances, and `a` for the upper half of an ellipse.
final class Steps {

    private final Path2D path = new Path2D.Double();

    private Steps() {}

    /// @throws IllegalArgumentException when a step is none of these
    static Path2D path(String text) {
        Steps steps = new Steps();
        for (String step : text.split("(?=[A-Za-z])")) {
            double[] numbers = Arrays.stream(step.substring(1).strip().split(" "))
                    .filter(number -> !number.isEmpty())
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            steps.add(step.charAt(0), numbers);
        }
        return steps.path;
    }

    private void add(char letter, double[] numbers) {
        switch (letter) {
            case 'M' -> path.moveTo(numbers[0], numbers[1]);
            case 'H' -> path.lineTo(numbers[0], here().getY());
            case 'V' -> path.lineTo(here().getX(), numbers[0]);
            case 'l' -> by(numbers[0], numbers[1]);
            case 'h' -> by(numbers[0], 0);
            case 'v' -> by(0, numbers[0]);
            case 'a' -> half(numbers[0], numbers[1]);
            case 'z' -> path.closePath();
            default -> throw new IllegalArgumentException("a step \"" + letter + "\" is not drawn");
        }
    }

    private Point2D here() {
        return path.getCurrentPoint();
    }

    private void by(double right, double down) {
        path.lineTo(here().getX() + right, here().getY() + down);
    }

    private void half(double radiusX, double radiusY) {
        double top = here().getY() - radiusY;
        path.append(new Arc2D.Double(here().getX(), top, 2 * radiusX, 2 * radiusY, 180, -180, Arc2D.OPEN), true);
    }
}
