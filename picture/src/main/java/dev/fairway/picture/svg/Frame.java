package dev.fairway.picture.svg;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// A picture in parts, for a screen on which only what changed is drawn anew. Colours are not in it: see
/// {@link SvgPicture#styleSheet()}.
///
/// @param description the picture in words
/// @param parts SVG elements in the order in which they are painted, by a key that stays with the object: the element's
///     id where it has one
public record Frame(int width, int height, String title, String description, SequencedMap<String, String> parts) {

    public Frame {
        parts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parts));
    }

    /// The whole as an element of a page that brings the colours.
    public String toSvg() {
        StringBuilder out = new StringBuilder(SvgWriter.head(title, description, width, height));
        parts.values().forEach(out::append);
        return out.append("</svg>\n").toString();
    }
}
