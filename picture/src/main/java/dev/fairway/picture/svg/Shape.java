package dev.fairway.picture.svg;

import java.util.List;

/// What a picture consists of. All lengths are in pixels, from the top left corner.
sealed interface Shape {

    /// Shapes that are one thing to a reader.
    ///
    /// @param id the same for the same object in every picture
    /// @param role of WAI-ARIA's graphics module
    /// @param title what a screen reader says and a mouse shows
    record Group(String id, String role, String title, List<Shape> parts) implements Shape {

        /// An object with parts of its own.
        static final String OBJECT = "graphics-object";

        /// A sign without parts that matter.
        static final String SYMBOL = "graphics-symbol";

        public Group {
            parts = List.copyOf(parts);
        }
    }

    record Box(Look look, int x, int y, int width, int height, int radius) implements Shape {}

    /// @param x where the text begins
    /// @param y its base line
    /// @param full the text before it was shortened
    record Label(Look look, int size, int x, int y, String text, String full) implements Shape {

        /// A text that is shortened where it would be wider than `width`.
        static Label fitted(Look look, int size, int x, int y, String text, int width) {
            return new Label(look, size, x, y, Glyphs.fit(text, size, width), text);
        }
    }

    /// @param steps in the language of SVG's `d`
    record Path(Look look, String steps) implements Shape {}

    record Dot(Look look, int x, int y, int radius) implements Shape {}
}
