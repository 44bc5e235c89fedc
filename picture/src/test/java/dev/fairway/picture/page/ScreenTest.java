package dev.fairway.picture.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.picture.ClusterObjects;
import dev.fairway.picture.TestCluster;
import dev.fairway.picture.svg.SvgPicture;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class ScreenTest {

    private static final View ALL = View.of(Map.of());
    private static final String PORTS = "'ports': [{'port': 80, 'targetPort': 8080, 'protocol': 'TCP'}]";

    private static TestCluster pods(String state) {
        return TestCluster.article()
                .pod("web-1", "node-1", "1.1.1.66", 8080, "ready")
                .pod("web-2", "node-2", "1.1.1.130", 8080, state);
    }

    private static ClusterObjects objects(String state) {
        return pods(state)
                .service("web", "'type': 'ClusterIP', 'clusterIP': '10.96.0.7', " + PORTS, "", "web-1", "web-2")
                .serviceIn("shop", "db", "'type': 'ExternalName', 'externalName': 'db.example.com'", "")
                .objects();
    }

    private static Screen screen(String state) {
        return Screen.of(objects(state), ALL);
    }

    private static Set<String> changedParts(ObjectNode change) {
        TreeSet<String> out = new TreeSet<>();
        Tree.at(change, "parts").propertyNames().forEach(out::add);
        return out;
    }

    @Test
    void aNewPageGetsAll() {
        ObjectNode change = screen("ready").changesSince(Optional.empty()).orElseThrow();
        assertThat(Tree.texts(change, "order")).contains("outside", "node.node-1", "node.node-2");
        assertThat(changedParts(change)).containsExactlyInAnyOrderElementsOf(Tree.texts(change, "order"));
        assertThat(Tree.texts(change, "namespaces")).containsExactly("default", "shop");
        assertThat(Tree.objects(change, "rows"))
                .extracting(row -> Tree.text(row, "name") + " " + Tree.text(row, "addresses"))
                .containsExactly("web 10.96.0.7", "db db.example.com");
    }

    @Test
    void anOldPageGetsOnlyWhatChanged() {
        ObjectNode change =
                screen("not ready").changesSince(Optional.of(screen("ready"))).orElseThrow();
        assertThat(changedParts(change)).contains("node.node-2").doesNotContain("node.node-1", "outside");
        assertThat(Tree.objects(change, "rows").getFirst().path("ready").intValue())
                .isEqualTo(1);
        assertThat(Tree.has(change, "namespaces")).isFalse();
    }

    @Test
    void equalScreensNeedNothingAndHaveOneVersion() {
        assertThat(screen("ready").changesSince(Optional.of(screen("ready")))).isEmpty();
        assertThat(screen("ready").version())
                .isEqualTo(screen("ready").version())
                .isNotEqualTo(screen("not ready").version());
    }

    @Test
    void thePartsAreThePictureWithoutItsColours() {
        var scene = ALL.scene(objects("ready"));
        String whole = SvgPicture.draw(scene);
        assertThat(whole)
                .contains(String.join("", SvgPicture.frame(scene).parts().values()));
        assertThat(whole).contains(SvgPicture.styleSheet());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ''   | ''       | ''           | web,db
        shop | ''       | ''           | db
        ''   | ''       | WEB          | web
        ''   | ''       | 10.96.0      | web
        ''   | ''       | externalname | db
        ''   | ''       | example.com  | db
        ''   | app=none | ''           | ''
        ''   | '!app'   | ''           | web,db
        none | ''       | ''           | ''
        """)
    void filters(String namespace, String labels, String search, String shown) {
        View view = View.of(Map.of("ns", namespace, "labels", labels, "q", search));
        List<String> names = Screen.of(objects("ready"), view).rows().stream()
                .map(Screen.Row::name)
                .toList();
        assertThat(String.join(",", names)).isEqualTo(shown);
    }

    @Test
    void thePanelTellsOfOneService() {
        ObjectNode panel = Panel.of(
                        objects("not ready"),
                        new ObjectKey("default", "web"),
                        List.of(),
                        _ -> Map.of(IpAddress.parse("1.1.1.66"), 3L, IpAddress.parse("1.1.1.130"), 1L),
                        List.of(drop(3, 10), drop(2, 20)))
                .orElseThrow();
        assertThat(Tree.objects(panel, "pods"))
                .extracting(pod -> String.join(
                        " ",
                        Tree.text(pod, "name"),
                        Tree.text(pod, "state"),
                        Tree.text(pod, "addresses"),
                        Tree.text(pod, "node"),
                        Tree.text(pod, "ports"),
                        Tree.text(pod, "connections")))
                .containsExactly(
                        "web-1 ready 1.1.1.66 node-1 8080 3 (75 %)", "web-2 not ready 1.1.1.130 node-2 8080 1 (25 %)");
        assertThat(Tree.objects(panel, "drops"))
                .as("the newest first")
                .extracting(drop -> Tree.number(drop, 0, "packets") + " at " + Tree.number(drop, 0, "until"))
                .containsExactly("2 at 20000", "3 at 10000");
        assertThat(Tree.texts(panel, "targets")).containsExactly("web.default:80");
        assertThat(Tree.text(panel, "yaml")).contains("kind: \"Service\"", "name: \"web\"", "type: \"ClusterIP\"");
    }

    private static Drop drop(long packets, long second) {
        Instant until = Instant.ofEpochSecond(second);
        return new Drop("node-1", "10.96.0.1:80/TCP", "refused", packets, until.minusSeconds(2), until);
    }

    @Test
    void thePanelOfNoService() {
        assertThat(Panel.of(objects("ready"), new ObjectKey("default", "none"), List.of(), _ -> Map.of(), List.of()))
                .isEmpty();
    }
}
