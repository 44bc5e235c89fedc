package dev.fairway.control.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class PlacementTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pod                                                 | node                                                            | why not
            {}                                                  | {}                                                              |
            {}                                                  | {"spec": {"unschedulable": true}}                               | node(s) were unschedulable
            {}                                                  | {"status": {"conditions": []}}                                  | node(s) were not ready
            {"nodeSelector": {"disk": "ssd"}}                   | {}                                                              | node(s) didn't match Pod's node affinity/selector
            {"nodeSelector": {"disk": "ssd"}}                   | {"metadata": {"labels": {"disk": "ssd"}}}                       |
            {}                                                  | {"spec": {"taints": [{"key": "a", "effect": "NoSchedule"}]}}    | node(s) had untolerated taint(s)
            {}                                                  | {"spec": {"taints": [{"key": "a", "effect": "PreferNoSchedule"}]}} |
            {"tolerations": [{"operator": "Exists"}]}           | {"spec": {"taints": [{"key": "a", "effect": "NoSchedule"}]}}    |
            {"tolerations": [{"key": "a", "value": "1"}]}       | {"spec": {"taints": [{"key": "a", "value": "1", "effect": "NoExecute"}]}} |
            {"tolerations": [{"key": "a", "value": "2"}]}       | {"spec": {"taints": [{"key": "a", "value": "1", "effect": "NoExecute"}]}} | node(s) had untolerated taint(s)
            {}                                                  | {"status": {"allocatable": {"pods": "1"}}}                      | Too many pods
            """, useHeadersInDisplayName = true)
    void nodesRefusePods(String pod, String node, String why) {
        ObjectNode object = Json.object();
        object.set("spec", Json.parse(pod));
        ObjectNode candidate = Json.parse(node);
        if (!Tree.has(candidate, "status", "conditions")) {
            Tree.makeObject(candidate, "status")
                    .putArray("conditions")
                    .addObject()
                    .put("type", "Ready")
                    .put("status", "True");
        }
        assertThat(NodeChoice.refusal(object, candidate, 1).orElse("")).isEqualTo(why == null ? "" : why);
    }

    @Test
    void podsOfOneOwnerSpreadEvenOntoBusierNodes() {
        List<ObjectNode> pending = pods("web", 4);
        Map<String, Collection<ObjectNode>> running = Map.of("n1", pods("batch", 7), "n2", List.of());
        assertThat(counts(Placement.plan(pending, nodes(2), running))).isEqualTo(Map.of("n1", 2L, "n2", 2L));
    }

    @Test
    void podsOnTheirWayOutDoNotKeepTheirSuccessorsAway() {
        List<ObjectNode> leaving = pods("web", 3);
        leaving.forEach(pod -> Tree.makeObject(pod, "metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z"));
        Map<String, Collection<ObjectNode>> running = Map.of("n1", List.of(), "n2", leaving);
        assertThat(counts(Placement.plan(pods("web", 3), nodes(2), running))).isEqualTo(Map.of("n1", 2L, "n2", 1L));
    }

    @Test
    void podsWithoutOwnerGoWhereTheFewestAre() {
        List<ObjectNode> pending = pods("", 6);
        Map<String, Collection<ObjectNode>> running = Map.of("n1", pods("a", 2), "n2", pods("b", 4));
        assertThat(counts(Placement.plan(pending, nodes(2), running))).isEqualTo(Map.of("n1", 4L, "n2", 2L));
    }

    @Test
    void aPodThatFitsNowhereLearnsWhy() {
        List<ObjectNode> nodes = new ArrayList<>(nodes(3));
        Tree.makeObject(nodes.get(0), "spec").put("unschedulable", true);
        Tree.makeObject(nodes.get(1), "spec").put("unschedulable", true);
        Tree.makeObject(nodes.get(2), "status").putArray("conditions");
        assertThat(Placement.plan(pods("web", 1), nodes, Map.of()))
                .extracting(Placement.Choice::why)
                .containsExactly("0/3 nodes are available: 1 node(s) were not ready, 2 node(s) were unschedulable.");
        assertThat(Placement.plan(pods("web", 1), List.of(), Map.of()))
                .extracting(Placement.Choice::why)
                .containsExactly("no nodes available to schedule pods");
    }

    private static Map<String, Long> counts(List<Placement.Choice> choices) {
        return choices.stream()
                .collect(Collectors.groupingBy(choice -> choice.node().orElse(""), Collectors.counting()));
    }

    private static List<ObjectNode> nodes(int count) {
        return Stream.iterate(1, number -> number + 1)
                .limit(count)
                .map(number -> Json.parse("""
                    {"metadata": {"name": "n%d"},
                     "status": {"conditions": [{"type": "Ready", "status": "True"}]}}""".formatted(number)))
                .toList();
    }

    private static List<ObjectNode> pods(String owner, int count) {
        List<ObjectNode> out = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            ObjectNode pod = Json.object();
            Tree.makeObject(pod, "metadata").put("name", owner + number);
            if (!owner.isEmpty()) {
                Tree.makeArray(Tree.makeObject(pod, "metadata"), "ownerReferences")
                        .addObject()
                        .put("uid", owner)
                        .put("controller", true);
            }
            out.add(pod);
        }
        assertThat(out.stream().map(Meta::name)).doesNotHaveDuplicates();
        return out;
    }
}
