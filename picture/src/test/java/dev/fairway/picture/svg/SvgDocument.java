package dev.fairway.picture.svg;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/// An SVG as a reader of it sees it: elements, where texts and boxes are, which colours they have. It knows nothing of
/// how the picture was planned.
final class SvgDocument {

    /// What is above and below a base line, in thousandths of the font's size.
    private static final int ASCENT = 930;

    private static final int DESCENT = 240;

    private static final Pattern RULE = Pattern.compile("\\.([\\w-]+)\\{fill:([^;}]+)[^}]*}");

    private final Document document;

    private SvgDocument(Document document) {
        this.document = document;
    }

    static SvgDocument parse(String svg) {
        try {
            return new SvgDocument(DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(svg))));
        } catch (Exception e) {
            throw new AssertionError("no XML: " + svg, e);
        }
    }

    /// A rectangle of the page that an element takes.
    record Area(Element element, double left, double top, double right, double bottom, String text) {

        boolean overlaps(Area other) {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }

        boolean holds(Area other) {
            return left <= other.left && top <= other.top && right >= other.right && bottom >= other.bottom;
        }

        @Override
        public String toString() {
            return "\"" + text + "\" " + left + "," + top + " to " + right + "," + bottom;
        }
    }

    Element root() {
        return document.getDocumentElement();
    }

    List<Element> elements(String name) {
        List<Element> out = new ArrayList<>();
        var found = document.getElementsByTagName(name);
        for (int i = 0; i < found.getLength(); i++) {
            out.add((Element) found.item(i));
        }
        return out;
    }

    List<Area> texts() {
        return elements("text").stream().map(SvgDocument::text).toList();
    }

    private static Area text(Element element) {
        String text = ownText(element);
        int size = (int) number(element, "font-size");
        double x = number(element, "x");
        double base = number(element, "y");
        return new Area(
                element,
                x,
                base - size * ASCENT / 1000.0,
                x + Glyphs.width(text, size),
                base + size * DESCENT / 1000.0,
                text);
    }

    /// Without the title inside it.
    static String ownText(Element element) {
        StringBuilder out = new StringBuilder();
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeType() == Node.TEXT_NODE) {
                out.append(child.getNodeValue());
            }
        }
        return out.toString();
    }

    List<Area> boxes() {
        return elements("rect").stream().map(SvgDocument::box).toList();
    }

    private static Area box(Element element) {
        double x = number(element, "x");
        double y = number(element, "y");
        String owner = element.getParentNode() instanceof Element parent ? parent.getAttribute("id") : "";
        return new Area(element, x, y, x + number(element, "width"), y + number(element, "height"), owner);
    }

    /// The box of the group that a text is in.
    static Optional<Area> boxOf(Area text) {
        for (Node child = text.element().getParentNode().getFirstChild();
                child != null;
                child = child.getNextSibling()) {
            if (child instanceof Element element && element.getTagName().equals("rect")) {
                return Optional.of(box(element));
            }
        }
        return Optional.empty();
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    /// The fill of each class, in light or in dark.
    Map<String, String> fills(boolean dark) {
        String style = elements("style").getFirst().getTextContent();
        int query = style.indexOf("@media (prefers-color-scheme:dark){");
        Map<String, String> out = new HashMap<>();
        RULE.matcher(dark ? style.substring(query) : style.substring(0, query))
                .results()
                .forEach(rule -> out.put(rule.group(1), rule.group(2)));
        return out;
    }

    /// The contrast of two colours such as `#1f2328`, from 1 to 21 (WCAG 2.2, "contrast ratio").
    static double contrast(String one, String other) {
        double a = luminance(one) + 0.05;
        double b = luminance(other) + 0.05;
        return Math.max(a, b) / Math.min(a, b);
    }

    private static double luminance(String colour) {
        int rgb = Integer.parseInt(colour.substring(1), 16);
        return 0.2126 * linear(rgb >> 16 & 0xff) + 0.7152 * linear(rgb >> 8 & 0xff) + 0.0722 * linear(rgb & 0xff);
    }

    private static double linear(int channel) {
        double share = channel / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }
}
