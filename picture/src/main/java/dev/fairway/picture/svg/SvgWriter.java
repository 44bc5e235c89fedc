package dev.fairway.picture.svg;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Shapes as SVG text, one element a line.
final class SvgWriter {

    private final StringBuilder out = new StringBuilder();

    private SvgWriter() {}

    static String write(String title, String description, int width, int height, List<Shape> shapes) {
        SvgWriter writer = new SvgWriter();
        writer.out
                .append(head(title, description, width, height))
                .append("<style>\n" + Look.styleSheet() + "</style>\n");
        shapes.forEach(writer::add);
        return writer.out.append("</svg>\n").toString();
    }

    static String head(String title, String description, int width, int height) {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height
                + "\" viewBox=\"0 0 " + width + " " + height
                + "\" role=\"graphics-document document\" aria-labelledby=\"title description\" lang=\"en\""
                + " font-family=\"" + escaped(Glyphs.FONTS) + "\">\n"
                + "<title id=\"title\">" + escaped(title) + "</title>\n"
                + "<desc id=\"description\">" + escaped(description) + "</desc>\n";
    }

    /// Elements without an id are known by what they are and how many are like it.
    static Frame frame(String title, String description, int width, int height, List<Shape> shapes) {
        SequencedMap<String, String> parts = new LinkedHashMap<>();
        for (Shape shape : shapes) {
            SvgWriter writer = new SvgWriter();
            writer.add(shape);
            String text = writer.out.toString();
            String key = shape instanceof Shape.Group group ? group.id() : "." + Integer.toHexString(text.hashCode());
            while (parts.containsKey(key)) {
                key += "+";
            }
            parts.put(key, text);
        }
        return new Frame(width, height, title, description, parts);
    }

    private void add(Shape shape) {
        switch (shape) {
            case Shape.Group group -> add(group);
            case Shape.Box(Look look, int x, int y, int width, int height, int radius) ->
                out.append("<rect class=\"" + look.className() + "\" x=\"" + x + "\" y=\"" + y + "\" width=\"" + width)
                        .append("\" height=\"" + height + "\" rx=\"" + radius + "\"/>\n");
            case Shape.Label label -> add(label);
            case Shape.Path(Look look, String steps) ->
                out.append("<path class=\"" + look.className() + "\" d=\"" + steps + "\"/>\n");
            case Shape.Dot(Look look, int x, int y, int radius) ->
                out.append("<circle class=\"" + look.className() + "\" cx=\"" + x + "\" cy=\"" + y)
                        .append("\" r=\"" + radius + "\"/>\n");
        }
    }

    private void add(Shape.Group group) {
        out.append("<g id=\"" + escaped(group.id()) + "\" role=\"" + group.role() + "\">\n")
                .append("<title>" + escaped(group.title()) + "</title>\n");
        group.parts().forEach(this::add);
        out.append("</g>\n");
    }

    /// Where there is nothing to say, there is no element.
    private void add(Shape.Label label) {
        if (label.text().isEmpty()) {
            return;
        }
        out.append("<text class=\"" + label.look().className() + "\" x=\"" + label.x() + "\" y=\"" + label.y())
                .append("\" font-size=\"" + label.size() + "\">");
        if (!label.text().equals(label.full())) {
            out.append("<title>" + escaped(label.full()) + "</title>");
        }
        out.append(escaped(label.text()) + "</text>\n");
    }

    /// Text for XML; characters that XML forbids become spaces.
    static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(character -> {
            switch (character) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default ->
                    out.appendCodePoint(character < ' ' || character > 0xfffd && character < 0x10000 ? ' ' : character);
            }
        });
        return out.toString();
    }
}
