package dev.fairway.app.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class AssetTest {

    private static final int BUDGET_BYTES = 40 * 1024;

    private static Map<String, byte[]> zipped() throws IOException {
        Map<String, byte[]> out = new TreeMap<>();
        for (String path : Asset.PATHS) {
            out.put(path, Asset.of(path).orElseThrow().gzip());
        }
        return out;
    }

    @Test
    void allFilesTogetherAreSmall() throws IOException {
        assertThat(zipped().values().stream().mapToInt(bytes -> bytes.length).sum())
                .isLessThanOrEqualTo(BUDGET_BYTES);
    }

    @Test
    void nothingIsInlineAndNothingComesFromElsewhere() throws IOException {
        for (var file : zipped().entrySet()) {
            String text = new String(
                    new GZIPInputStream(new ByteArrayInputStream(file.getValue())).readAllBytes(),
                    StandardCharsets.UTF_8);
            assertThat(text.replace("http://www.w3.org/2000/svg", ""))
                    .as(file.getKey())
                    .doesNotContain("://", "innerHTML", "style=", "onclick=", "<style", "eval(")
                    .doesNotContainPattern("<script(?! type=\"module\" src=)");
        }
    }

    @Test
    void thePageComesWithItsPicture() throws IOException {
        byte[] gzip = Asset.start("<svg id=\"first\"></svg>").gzip();
        String html =
                new String(new GZIPInputStream(new ByteArrayInputStream(gzip)).readAllBytes(), StandardCharsets.UTF_8);
        assertThat(html).containsPattern("<section id=\"picture\"[^>]*><svg id=\"first\"></svg></section>");
    }

    @Test
    void otherPathsAreNotFiles() throws IOException {
        assertThat(Asset.of("/../Asset.class")).isEmpty();
        assertThat(Asset.of("/index.html")).isEmpty();
    }
}
