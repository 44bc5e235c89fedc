package dev.fairway.picture.svg;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.RoundRectangle2D;

/// Paints shapes, as {@link SvgWriter} writes them.
final class Brush {

    private static final float MITER_LIMIT = 4;

    private final Graphics2D graphics;
    private final Typeface.Found typeface;
    private final boolean isDark;

    Brush(Graphics2D graphics, Typeface.Found typeface, boolean isDark) {
        this.graphics = graphics;
        this.typeface = typeface;
        this.isDark = isDark;
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    }

    void paint(Shape shape) {
        switch (shape) {
            case Shape.Group group -> group.parts().forEach(this::paint);
            case Shape.Box(Look look, int x, int y, int width, int height, int radius) ->
                paint(look, new RoundRectangle2D.Double(x, y, width, height, 2 * radius, 2 * radius));
            case Shape.Path(Look look, String steps) -> paint(look, Steps.path(steps));
            case Shape.Dot(Look look, int x, int y, int radius) ->
                paint(look, new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
            case Shape.Label label -> write(label);
        }
    }

    private void paint(Look look, java.awt.Shape form) {
        if (choose(look.fill(isDark))) {
            graphics.fill(form);
        }
        if (choose(look.stroke(isDark))) {
            graphics.setStroke(line(look));
            graphics.draw(form);
        }
    }

    /// Whether there is anything to paint.
    private boolean choose(String colour) {
        if (colour.equals(Look.NONE)) {
            return false;
        }
        graphics.setColor(Color.decode(colour));
        return true;
    }

    private static BasicStroke line(Look look) {
        float width = Float.parseFloat(look.strokeWidth());
        if (look.dashes().isEmpty()) {
            return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, MITER_LIMIT);
        }
        String[] lengths = look.dashes().split(" ");
        float[] dashes = new float[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            dashes[i] = Float.parseFloat(lengths[i]);
        }
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, MITER_LIMIT, dashes, 0);
    }

    private void write(Shape.Label label) {
        if (label.text().isEmpty() || !choose(label.look().fill(isDark))) {
            return;
        }
        Font font = typeface.sized(label.text(), label.size(), graphics.getFontRenderContext());
        graphics.setFont(font);
        graphics.drawString(label.text(), label.x(), label.y());
    }
}
