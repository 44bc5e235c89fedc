package dev.fairway.picture.svg;

import dev.fairway.picture.Scene;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// The same picture as {@link SvgPicture}, as pixels, for places that show no SVG. It is painted by the JDK with a font
/// of this machine, so its bytes are the same only where fonts and JDK are.
public final class PngPicture {

    /// Pixels for one of the picture's own, as screens with fine pixels have them.
    static final int FINE = 2;

    /// So many pixels take 128 MB while they are painted.
    private static final long PIXELS_MAX = 32L << 20;

    private PngPicture() {}

    /// What became of it.
    public sealed interface Outcome {}

    /// @param png a whole file
    public record Drawn(byte[] png) implements Outcome {}

    /// @param why in a sentence, with what to do
    public record Refused(String why) implements Outcome {}

    /// @param isDark in the colours for a dark ground
    public static Outcome draw(Scene scene, boolean isDark) {
        return SvgPicture.draw(
                scene, (_, _, width, height, shapes) -> PngPicture.draw(width, height, shapes, isDark, PIXELS_MAX));
    }

    static Outcome draw(int width, int height, List<Shape> shapes, boolean isDark, long pixelsMax) {
        long pixels = (long) width * height;
        if (pixels > pixelsMax) {
            return new Refused("the picture is too large for PNG: " + width + " x " + height
                    + " pixels; draw one namespace with -n, or use -o svg");
        }
        int scale = pixels * FINE * FINE > pixelsMax ? 1 : FINE;
        return switch (Typeface.find()) {
            case Typeface.Missing(String why) ->
                new Refused("no font to draw with: " + why
                        + "; install one (apt-get install fontconfig fonts-dejavu-core), or use -o svg");
            case Typeface.Found typeface -> new Drawn(painted(width, height, shapes, isDark, scale, typeface));
        };
    }

    private static byte[] painted(
            int width, int height, List<Shape> shapes, boolean isDark, int scale, Typeface.Found typeface) {
        BufferedImage image = new BufferedImage(width * scale, height * scale, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.scale(scale, scale);
        Brush brush = new Brush(graphics, typeface, isDark);
        shapes.forEach(brush::paint);
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream memory = new MemoryCacheImageOutputStream(out)) {
            ImageIO.write(image, "png", memory);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory fails", e);
        }
        return out.toByteArray();
    }
}
