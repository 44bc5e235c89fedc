package dev.fairway.picture.svg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.fairway.picture.Situations;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The pixels beside the SVG of the same scene, which says where a box or a text is and in which colour.
class PngPictureTest {

    private static final int FINE = PngPicture.FINE;

    /// Of a letter's edge this much of the ink is always there, whatever the font.
    private static final int SHADE = 48;

    static java.util.stream.Stream<String> situations() {
        return Situations.all().keySet().stream();
    }

    private static byte[] png(String situation, boolean isDark) {
        return switch (PngPicture.draw(Situations.named(situation), isDark)) {
            case PngPicture.Drawn(byte[] png) -> png;
            case PngPicture.Refused(String why) -> throw new AssertionError(why);
        };
    }

    private static BufferedImage image(String situation, boolean isDark) {
        try {
            return ImageIO.read(new ByteArrayInputStream(png(situation, isDark)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SvgDocument svg(String situation) {
        return SvgDocument.parse(SvgPicture.draw(Situations.named(situation)));
    }

    @ParameterizedTest
    @MethodSource("situations")
    void isTwiceAsFineAsTheSvg(String situation) {
        BufferedImage image = image(situation, false);
        assertThat(svg(situation).root().getAttribute("viewBox"))
                .isEqualTo("0 0 " + image.getWidth() / FINE + " " + image.getHeight() / FINE);
    }

    /// Near its lower edge a node has neither pods nor bands.
    @ParameterizedTest
    @CsvSource({"load-balancer,false", "load-balancer,true", "dual-stack,false", "four-services,true"})
    void nodesHaveTheirColour(String situation, boolean isDark) {
        BufferedImage image = image(situation, isDark);
        SvgDocument svg = svg(situation);
        assertThat(svg.boxes())
                .filteredOn(box -> box.element().getAttribute("class").equals("node"))
                .hasSize(2)
                .allSatisfy(box -> assertThat(colour(image, (box.left() + box.right()) / 2, box.bottom() - 4))
                        .isEqualTo(svg.fills(isDark).get("node")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theGroundIsPainted(boolean isDark) {
        BufferedImage image = image("empty-cluster", isDark);
        assertThat(colour(image, 1, 1)).isEqualTo(isDark ? "#0d1117" : "#ffffff");
    }

    @ParameterizedTest
    @MethodSource("situations")
    void everyTextIsWrittenInItsInk(String situation) {
        for (boolean isDark : new boolean[] {false, true}) {
            BufferedImage image = image(situation, isDark);
            SvgDocument svg = svg(situation);
            Map<String, String> fills = svg.fills(isDark);
            assertThat(svg.texts())
                    .filteredOn(text -> !text.text().isEmpty())
                    .isNotEmpty()
                    .allSatisfy(text -> {
                        Color ink = Color.decode(fills.get(text.element().getAttribute("class")));
                        assertThat(nearest(image, text, ink))
                                .as(text.toString())
                                .isLessThan(SHADE);
                    });
        }
    }

    /// How far the pixel that is most like the ink is from it, in its worst channel.
    private static int nearest(BufferedImage image, SvgDocument.Area text, Color ink) {
        int left = (int) (text.left() * FINE);
        int top = (int) (text.top() * FINE);
        return IntStream.range(top, (int) (text.bottom() * FINE))
                .flatMap(y -> IntStream.range(left, (int) (text.right() * FINE)).map(x -> image.getRGB(x, y)))
                .map(pixel -> distance(new Color(pixel), ink))
                .min()
                .orElseThrow();
    }

    private static int distance(Color one, Color other) {
        return Math.max(
                Math.abs(one.getRed() - other.getRed()),
                Math.max(Math.abs(one.getGreen() - other.getGreen()), Math.abs(one.getBlue() - other.getBlue())));
    }

    private static String colour(BufferedImage image, double x, double y) {
        return "#%06x".formatted(image.getRGB((int) (x * FINE), (int) (y * FINE)) & 0xffffff);
    }

    @Test
    void theSameSceneIsTheSameFile() {
        assertThat(png("four-services", true)).isEqualTo(png("four-services", true));
    }

    @Test
    void aLargePictureIsCoarserAndAHugeOneIsRefused() throws IOException {
        List<Shape> shapes = List.of(new Shape.Box(Look.GROUND, 0, 0, 100, 50, 0));
        byte[] coarse = ((PngPicture.Drawn) PngPicture.draw(100, 50, shapes, false, 5_000)).png();
        assertThat(ImageIO.read(new ByteArrayInputStream(coarse)).getWidth()).isEqualTo(100);
        assertThat(PngPicture.draw(100, 50, shapes, false, 4_999))
                .isInstanceOf(PngPicture.Refused.class)
                .extracting(Object::toString, STRING)
                .contains("100 x 50", "-o svg");
    }

    /// As if only a wider font were there than the picture reckons with.
    @Test
    void noFontMakesATextWiderThanPlanned() {
        var context = new java.awt.font.FontRenderContext(null, true, true);
        var wide = new java.awt.Font("DejaVu Sans Mono", java.awt.Font.BOLD, 1)
                .deriveFont(java.awt.geom.AffineTransform.getScaleInstance(2, 1));
        var sized = new Typeface.Found(wide).sized("service-python", 12, context);
        assertThat(sized.getStringBounds("service-python", context).getWidth())
                .isLessThanOrEqualTo(Glyphs.width("service-python", 12) + 0.01);
    }
}
