package dev.fairway.picture.svg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.picture.Choice;
import dev.fairway.picture.Scene;
import dev.fairway.picture.SceneReader;
import dev.fairway.picture.Situations;
import dev.fairway.picture.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;

class SvgPictureTest {

    private static final Path PICTURES = Path.of("src", "test", "resources", "pictures");
    /// What documents show.
    private static final Path DOCUMENTS = Path.of("..", "docs", "pictures");

    private static final int ELEMENTS_MAX = 2_000;
    private static final double CONTRAST_MIN = 4.5;

    static Stream<String> situations() {
        return Situations.all().keySet().stream();
    }

    private static String drawn(String situation) {
        return SvgPicture.draw(Situations.named(situation));
    }

    /// With `UPDATE_PICTURES=1` in the environment the files are written anew: look at `git diff` then.
    @ParameterizedTest
    @MethodSource("situations")
    void looksAsItDid(String situation) throws IOException {
        Path shown = DOCUMENTS.resolve(situation + ".svg");
        Path file = Files.exists(shown) ? shown : PICTURES.resolve(situation + ".svg");
        if (System.getenv("UPDATE_PICTURES") != null) {
            Files.writeString(file, drawn(situation));
        }
        assertThat(drawn(situation)).isEqualTo(Files.readString(file));
    }

    @Test
    void documentsShowOnlyWhatIsDrawn() throws IOException {
        try (Stream<Path> files = Files.list(DOCUMENTS)) {
            assertThat(files)
                    .isNotEmpty()
                    .allMatch(file -> Situations.all()
                            .containsKey(file.getFileName().toString().replace(".svg", "")));
        }
    }

    @ParameterizedTest
    @MethodSource("situations")
    void textsStayInTheirBox(String situation) {
        SvgDocument picture = SvgDocument.parse(drawn(situation));
        assertThat(picture.elements("text"))
                .allSatisfy(text -> assertThat(SvgDocument.ownText(text)).isNotBlank());
        assertThat(picture.texts())
                .isNotEmpty()
                .allSatisfy(text -> assertThat(SvgDocument.boxOf(text))
                        .hasValueSatisfying(box -> assertThat(box.holds(text))
                                .as(text + " leaves " + box)
                                .isTrue()));
    }

    @ParameterizedTest
    @MethodSource("situations")
    void textsOverlapNothing(String situation) {
        SvgDocument picture = SvgDocument.parse(drawn(situation));
        List<SvgDocument.Area> texts = picture.texts();
        for (int i = 0; i < texts.size(); i++) {
            SvgDocument.Area text = texts.get(i);
            assertThat(texts.subList(i + 1, texts.size())).noneMatch(text::overlaps);
            // What was painted before the text's own box is behind it.
            List<SvgDocument.Area> boxes = picture.boxes();
            int own = boxes.indexOf(SvgDocument.boxOf(text).orElseThrow());
            assertThat(own).isNotNegative();
            assertThat(boxes.subList(own, boxes.size())).allMatch(box -> box.holds(text) || !box.overlaps(text));
        }
    }

    @ParameterizedTest
    @MethodSource("situations")
    void textsCanBeReadInLightAndInDark(String situation) {
        SvgDocument picture = SvgDocument.parse(drawn(situation));
        for (boolean dark : new boolean[] {false, true}) {
            Map<String, String> fills = picture.fills(dark);
            assertThat(picture.texts()).allSatisfy(text -> {
                String ink = fills.getOrDefault(text.element().getAttribute("class"), "none");
                SvgDocument.Area box = SvgDocument.boxOf(text).orElseThrow();
                String ground = fills.getOrDefault(box.element().getAttribute("class"), "none");
                assertThat(SvgDocument.contrast(ink, ground))
                        .as(text + " in dark: " + dark)
                        .isGreaterThanOrEqualTo(CONTRAST_MIN);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("situations")
    void isReadByScreenReaders(String situation) {
        SvgDocument picture = SvgDocument.parse(drawn(situation));
        assertThat(picture.root().getAttribute("role")).isEqualTo("graphics-document document");
        Set<String> ids = new HashSet<>();
        assertThat(picture.elements("g")).isNotEmpty().allSatisfy(group -> {
            assertThat(group.getAttribute("role")).isIn("graphics-object", "graphics-symbol");
            assertThat(ids.add(group.getAttribute("id")))
                    .as(group.getAttribute("id"))
                    .isTrue();
            Element first = (Element) group.getElementsByTagName("title").item(0);
            assertThat(first.getParentNode()).isEqualTo(group);
            assertThat(first.getTextContent()).isNotBlank();
        });
    }

    @Test
    void shortenedTextsAreWholeInTheirTitle() {
        SvgDocument picture = SvgDocument.parse(drawn("four-services"));
        assertThat(picture.elements("text"))
                .filteredOn(text -> SvgDocument.ownText(text).contains("\u2026"))
                .isNotEmpty()
                .allSatisfy(text -> assertThat(
                                text.getElementsByTagName("title").item(0).getTextContent())
                        .doesNotContain("\u2026")
                        .hasSizeGreaterThan(SvgDocument.ownText(text).length()));
    }

    /// Not by colour alone: a word says it too.
    @Test
    void podsSayTheirState() {
        assertThat(drawn("not-ready-and-terminating"))
                .contains(">1.1.1.67:443  not ready<", ">1.1.1.131:443  terminating<");
    }

    @Test
    void aNewPodMovesNoNode() {
        Scene before = Situations.loadBalancer().scene();
        Scene after = Situations.loadBalancer()
                .pod("pod-python-4", "node-1", "1.1.1.68", 443, "ready")
                .scene();
        assertThat(places(after)).isEqualTo(places(before)).hasSize(2);
    }

    private static List<String> places(Scene scene) {
        return SvgDocument.parse(SvgPicture.draw(scene)).boxes().stream()
                .filter(box -> box.text().startsWith("node."))
                .map(box -> box.text() + " at " + box.left() + "," + box.top())
                .toList();
    }

    @Test
    void theSameObjectsInAnyOrderAreTheSameBytes() {
        var objects = Situations.loadBalancer().objects();
        var reversed = new dev.fairway.picture.ClusterObjects(
                objects.nodes().reversed(),
                objects.pods().reversed(),
                objects.services().reversed(),
                objects.slices().reversed());
        Choice all = new Choice("default", "");
        assertThat(SvgPicture.draw(SceneReader.read(reversed, all)))
                .isEqualTo(SvgPicture.draw(SceneReader.read(objects, all)));
    }

    @ParameterizedTest
    @MethodSource("situations")
    void isSmall(String situation) {
        assertThat(SvgDocument.parse(drawn(situation)).elements("*")).hasSizeLessThan(ELEMENTS_MAX);
    }

    @Test
    void staysSmallInLargeClusters() {
        TestCluster cluster = new TestCluster();
        for (int node = 1; node <= 100; node++) {
            cluster.node("node-" + node, "198.51.100." + node, "172.31.0." + node);
        }
        for (int pod = 0; pod < 5_000; pod++) {
            cluster.pod("pod-" + pod, "node-" + (1 + pod % 100), "10.1." + pod / 250 + "." + pod % 250, 80, "ready");
        }
        for (int service = 0; service < 500; service++) {
            String ports = "'type': 'NodePort', 'clusterIP': '10.96.1.1', 'ports': [{'port': 80, 'nodePort': "
                    + (30_000 + service) + "}]";
            cluster.serviceIn("team-" + service % 100, "service-" + service, ports, "");
        }
        Scene scene = SceneReader.read(cluster.objects(), new Choice("", ""));
        assertThat(SvgDocument.parse(SvgPicture.draw(scene)).elements("*"))
                .hasSizeLessThan(ELEMENTS_MAX)
                .hasSizeGreaterThan(300);
    }

    @Test
    void namesCannotBreakOut() {
        String svg = SvgPicture.draw(TestCluster.article()
                .service("web", "'type': 'ExternalName', 'externalName': '</text><script>&'", "")
                .scene());
        assertThat(SvgDocument.parse(svg).elements("script")).isEmpty();
    }
}
