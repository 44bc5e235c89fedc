package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The fabric8 kubernetes-client, unchanged: server-side apply, patches, conflicts, selectors, workloads.
@Timeout(120)
@ExtendWith(SharedCluster.class)
class Fabric8WriteTest {

    private static KubernetesClient client;

    @BeforeAll
    static void start(Cluster cluster) {
        client = Fabric8.client(cluster, "fabric8-write");
    }

    @AfterAll
    static void stop() {
        client.close();
    }

    @Test
    void appliedFieldsHaveOwnersAndConflictsAreTold() {
        Service wanted = Fabric8.service("applied", "team", "blue");
        Service applied = client.resource(wanted).fieldManager("blue").serverSideApply();
        assertThat(applied.getMetadata().getManagedFields())
                .anySatisfy(entry -> assertThat(entry.getManager()).isEqualTo("blue"));
        Service other = new ServiceBuilder(wanted)
                .editMetadata()
                .withLabels(Map.of("team", "red"))
                .endMetadata()
                .build();
        var red = client.resource(other).fieldManager("red");
        var conflict = catchThrowableOfType(KubernetesClientException.class, red::serverSideApply);
        assertThat(conflict.getCode()).isEqualTo(409);
        assertThat(conflict.getStatus().getDetails().getCauses())
                .anySatisfy(cause -> assertThat(cause.getReason()).isEqualTo("FieldManagerConflict"));
        Service forced = red.forceConflicts().serverSideApply();
        assertThat(forced.getMetadata().getLabels()).containsEntry("team", "red");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        JSON_MERGE      | {"metadata": {"labels": {"patched": "JSON_MERGE"}}}
        STRATEGIC_MERGE | {"metadata": {"labels": {"patched": "STRATEGIC_MERGE"}}}
        JSON            | [{"op": "add", "path": "/metadata/labels", "value": {"patched": "JSON"}}]
        """)
    void patchesOfEachKind(PatchType type, String patch) {
        String name = "patched-" + type.name().toLowerCase(Locale.ROOT).replace('_', '-');
        client.resource(Fabric8.service(name, "a", "b")).create();
        Service patched = client.services().withName(name).patch(PatchContext.of(type), patch);
        assertThat(patched.getMetadata().getLabels()).containsEntry("patched", type.name());
    }

    @Test
    void aLockedVersionProtectsFromLostUpdates() {
        ConfigMap old = client.resource(Fabric8.map("locked", "a", "b")).create();
        client.configMaps().withName("locked").edit(it -> {
            it.setData(Map.of("by", "somebody"));
            return it;
        });
        old.setData(Map.of("by", "me"));
        var mine = client.resource(old).lockResourceVersion(old.getMetadata().getResourceVersion());
        var conflict = catchThrowableOfType(KubernetesClientException.class, mine::update);
        assertThat(conflict.getCode()).isEqualTo(409);
    }

    @Test
    void setBasedSelectorsAndFields() {
        for (String tier : List.of("front", "middle", "back")) {
            client.resource(Fabric8.map("tier-" + tier, "tier", tier)).create();
        }
        var maps = client.configMaps();
        assertThat(names(maps.withLabelIn("tier", "front", "back").list().getItems()))
                .containsExactlyInAnyOrder("tier-front", "tier-back");
        assertThat(names(maps.withLabel("tier")
                        .withLabelNotIn("tier", "front")
                        .list()
                        .getItems()))
                .containsExactlyInAnyOrder("tier-middle", "tier-back");
        assertThat(names(maps.withField("metadata.name", "tier-front").list().getItems()))
                .containsExactly("tier-front");
    }

    private static List<String> names(List<ConfigMap> maps) {
        return maps.stream().map(map -> map.getMetadata().getName()).toList();
    }

    @Test
    void aDeploymentIsScaledAndDeletedInTheForeground() {
        client.load(new ByteArrayInputStream("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: scaled}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: scaled}}
                  template:
                    metadata: {labels: {app: scaled}}
                    spec:
                      terminationGracePeriodSeconds: 0
                      containers: [{name: main, image: fairway.dev/echo}]
                """.getBytes(StandardCharsets.UTF_8)))
                .create();
        var scaled = client.apps().deployments().withName("scaled");
        scaled.waitUntilReady(60, TimeUnit.SECONDS);
        scaled.scale(3);
        assertThat(scaled.scale().getSpec().getReplicas()).isEqualTo(3);
        scaled.waitUntilCondition(it -> Objects.equals(it.getStatus().getReadyReplicas(), 3), 60, TimeUnit.SECONDS);
        scaled.withPropagationPolicy(DeletionPropagation.FOREGROUND).delete();
        scaled.waitUntilCondition(Objects::isNull, 60, TimeUnit.SECONDS);
        assertThat(client.pods().withLabel("app", "scaled").list().getItems()).isEmpty();
    }
}
