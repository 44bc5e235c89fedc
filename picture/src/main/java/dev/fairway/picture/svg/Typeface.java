package dev.fairway.picture.svg;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.util.List;

/// The font of this machine that texts are painted in.
sealed interface Typeface {

    /// Those that a picture asks for and Linux may have. What else there is may be wider: see {@link Found#sized}.
    List<String> NAMES = List.of("Liberation Sans", "DejaVu Sans", Font.SANS_SERIF);

    record Found(Font font) implements Typeface {

        /// The font in a size, narrowed if need be so that the text is not wider than planned.
        Font sized(String text, int size, FontRenderContext context) {
            Font sized = font.deriveFont((float) size);
            double width = sized.getStringBounds(text, context).getWidth();
            double planned = Glyphs.width(text, size);
            return width <= planned ? sized : sized.deriveFont(AffineTransform.getScaleInstance(planned / width, 1));
        }
    }

    /// @param why the JDK's own words
    record Missing(String why) implements Typeface {}

    /// A machine without fonts, without fontconfig, or with a JDK without either's library is not foreseen by the JDK:
    /// it fails with errors of several kinds when a font is first measured.
    static Typeface find() {
        try {
            FontRenderContext context = new FontRenderContext(null, true, true);
            Font font = NAMES.stream()
                    .map(name -> new Font(name, Font.PLAIN, 1))
                    .filter(one -> one.getFamily().equals(one.getName()))
                    .findFirst()
                    .orElseThrow();
            font.deriveFont(12f).getStringBounds("x", context);
            return new Found(font);
        } catch (RuntimeException | LinkageError | InternalError e) {
            return new Missing(reason(e));
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
