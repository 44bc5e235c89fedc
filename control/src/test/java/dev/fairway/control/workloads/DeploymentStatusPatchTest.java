package dev.fairway.control.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import org.junit.jupiter.api.Test;

class DeploymentStatusPatchTest {

    @Test
    void aCountThatWentToZeroIsTakenAway() {
        var before = Json.parse("""
                {"status": {"observedGeneration": 1, "updatedReplicas": 3, "replicas": 3, "unavailableReplicas": 1}}
                """);
        var after = Json.parse("""
                {"status": {"observedGeneration": 2, "replicas": 3}}
                """);
        assertThat(DeploymentController.statusPatch(before, after)).isEqualTo(Json.parse("""
                {"status": {"observedGeneration": 2, "updatedReplicas": null, "replicas": 3,
                            "unavailableReplicas": null}}
                """));
    }
}
