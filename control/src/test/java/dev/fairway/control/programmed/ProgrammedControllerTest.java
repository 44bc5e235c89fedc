package dev.fairway.control.programmed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Controller.Trigger;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.FixedSnapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Conditions;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Programmed;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// What is said of a Service whose newest write has revision 100.
class ProgrammedControllerTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final WorkKey ALL = new WorkKey(Resource.SERVICES, "", "");
    private static final WorkKey WEB = new WorkKey(Resource.SERVICES, "shop", "web");

    private final Controller controller = new ProgrammedController();

    /// Nodes as `NAME=REVISION`, `!` for one that is not ready, `-` for one that never told.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nodes               | has    | at once                                       | when it takes long
            a=100 b=120         | -      | True in the kernel of 2 of 2 nodes            | -
            a=100 b=99          | -      | -                                             | False in the kernel of 1 of 2 nodes, not yet of b
            a=1 b=1 c=1 d=1     | -      | -                                             | False in the kernel of 0 of 4 nodes, not yet of a, b, c and others
            a=100 b=99!         | -      | True in the kernel of 1 of 1 nodes            | -
            a=100 b=-           | -      | True in the kernel of 1 of 1 nodes            | -
            a=-                 | -      | -                                             | -
            a=120               | True   | -                                             | -
            a=120               | False  | True in the kernel of 1 of 1 nodes            | -
            a=99                | False  | -                                             | -
            a=120               | hidden | -                                             | -
            """, useHeadersInDisplayName = true)
    void whatIsSaid(String nodes, String has, String atOnce, String whenItTakesLong) {
        FixedSnapshot snapshot = new FixedSnapshot().with(Resource.SERVICES, List.of(service("web", 100, has)));
        addNodes(snapshot, nodes);

        assertThat(text(controller.decide(snapshot, ALL, NOW))).isEqualTo(atOnce);
        assertThat(text(controller.decide(snapshot, WEB, NOW))).isEqualTo(whenItTakesLong);
    }

    private static String text(Decision decision) {
        if (decision.writes().isEmpty()) {
            return "-";
        }
        ObjectNode service = ((Write.UpdateStatus) decision.writes().getFirst()).object();
        ObjectNode condition = Conditions.find(service, Programmed.CONDITION).orElseThrow();
        assertThat(Meta.resourceVersion(service)).isEqualTo("100");
        return Tree.text(condition, "status") + " " + Tree.text(condition, "message");
    }

    @Test
    void theNewestComeFirstAndABurstIsNotWrittenAtOnce() {
        FixedSnapshot snapshot = new FixedSnapshot()
                .with(
                        Resource.SERVICES,
                        IntStream.rangeClosed(1, 80)
                                .mapToObj(number -> service("web-" + number, number, "-"))
                                .toList());
        addNodes(snapshot, "a=70");

        Decision decision = controller.decide(snapshot, ALL, NOW);

        List<String> written = decision.writes().stream()
                .map(write -> Meta.name(((Write.UpdateStatus) write).object()))
                .toList();
        assertThat(written).hasSize(50).startsWith("web-70", "web-69");
        assertThat(decision.again()).isPresent();
    }

    @Test
    void onlyWhatMattersMakesWork() {
        assertThat(work(Resource.SERVICES, Optional.empty(), Optional.of(service("web", 100, "-"))))
                .containsExactly(ALL, WEB);
        assertThat(work(Resource.SERVICES, Optional.empty(), Optional.of(service("web", 100, "True"))))
                .isEmpty();
        assertThat(work(Resource.SERVICES, Optional.of(service("web", 100, "-")), Optional.empty()))
                .isEmpty();
        assertThat(work(Resource.LEASES, Optional.of(lease("a", "99")), Optional.of(lease("a", "100"))))
                .containsExactly(ALL);
        assertThat(work(Resource.LEASES, Optional.of(lease("a", "99")), Optional.of(lease("a", "99"))))
                .isEmpty();
        assertThat(work(Resource.NODES, Optional.of(node("a", "True")), Optional.of(node("a", "Unknown"))))
                .containsExactly(ALL);
        assertThat(work(Resource.NODES, Optional.of(node("a", "True")), Optional.of(node("a", "True"))))
                .isEmpty();
    }

    private List<WorkKey> work(Resource resource, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        ObjectKey key = Meta.key(now.or(() -> before).orElseThrow());
        List<WorkKey> out = new ArrayList<>();
        for (Trigger trigger : controller.triggers()) {
            if (trigger.resource().equals(resource)) {
                out.addAll(trigger.mapping().keys(new FixedSnapshot(), key, before, now));
            }
        }
        return out;
    }

    private static void addNodes(FixedSnapshot snapshot, String nodes) {
        for (String word : nodes.split(" ")) {
            String[] parts = word.replace("!", "").split("=");
            snapshot.with(Resource.LEASES, List.of(lease(parts[0], parts[1])))
                    .with(Resource.NODES, List.of(node(parts[0], word.endsWith("!") ? "Unknown" : "True")));
        }
    }

    private static ObjectNode service(String name, long revision, String has) {
        ObjectNode service = named("shop", name);
        Tree.makeObject(service, "metadata").put("resourceVersion", Long.toString(revision));
        if (has.equals("hidden")) {
            Tree.makeObject(service, "metadata", "annotations").put(Programmed.CONDITION, Programmed.HIDDEN);
        } else if (!has.equals("-")) {
            Conditions.set(service, Conditions.of(Programmed.CONDITION, has, "Test", "before", NOW));
        }
        return service;
    }

    private static ObjectNode lease(String node, String told) {
        ObjectNode lease = named("kube-node-lease", node);
        if (!told.equals("-")) {
            Tree.makeObject(lease, "metadata", "annotations").put(Programmed.REVISION, told);
        }
        return lease;
    }

    private static ObjectNode node(String name, String ready) {
        ObjectNode node = named("", name);
        Conditions.set(node, Conditions.of("Ready", ready, "Test", "", NOW));
        return node;
    }

    private static ObjectNode named(String namespace, String name) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("namespace", namespace).put("name", name);
        return object;
    }
}
