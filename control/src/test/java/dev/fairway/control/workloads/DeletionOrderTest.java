package dev.fairway.control.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class DeletionOrderTest {

    /// Each row: what distinguishes the pod that goes first from the one that stays.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            why                | first                                                       | later
            without node       | "spec": {}                                                  | "spec": {"nodeName": "n1"}
            pending            | "spec": {"nodeName": "n1"}, "status": {"phase": "Pending"}  | "spec": {"nodeName": "n1"}, "status": {"phase": "Running"}
            not ready          | "status": {"phase": "Running"}                              | "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}
            shorter ready      | "status": {"conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:09Z"}]} | "status": {"conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:01Z"}]}
            """, useHeadersInDisplayName = true)
    void thePodWhoseLossHurtsLeastGoesFirst(String why, String first, String later) {
        ObjectNode goes = pod("z-goes", first);
        ObjectNode stays = pod("a-stays", later);
        List<ObjectNode> pods = List.of(stays, goes);
        assertThat(pods.stream().sorted(DeletionOrder.of(pods)).map(Meta::name))
                .as(why)
                .containsExactly("z-goes", "a-stays");
    }

    @ParameterizedTest
    @CsvSource({"-5, 10, a", "10, -5, b", "'', 1, a", "nonsense, -1, b"})
    void theLowerDeletionCostGoesFirst(String costOfA, String costOfB, String first) {
        List<ObjectNode> pods = List.of(costing("a", costOfA), costing("b", costOfB));
        assertThat(pods.stream()
                        .sorted(DeletionOrder.of(pods))
                        .map(Meta::name)
                        .toList()
                        .getFirst())
                .isEqualTo(first);
    }

    private static ObjectNode costing(String name, String cost) {
        return Json.parse("""
            {"metadata": {"name": "%s",
             "annotations": {"controller.kubernetes.io/pod-deletion-cost": "%s"}}}""".formatted(name, cost));
    }

    private static ObjectNode pod(String name, String fields) {
        return Json.parse("{\"metadata\": {\"name\": \"%s\"}, %s}".formatted(name, fields));
    }
}
