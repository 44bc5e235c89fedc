package dev.fairway.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.control.object.Conditions;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

@Timeout(60)
@ParameterizedClass
@EnumSource(Ground.class)
class WorkloadScenarioTest {

    private final Cluster cluster;

    WorkloadScenarioTest(Ground ground) {
        cluster = new Cluster(ground);
    }

    @BeforeEach
    void addNodes() {
        cluster.addNode("node-1", "198.51.100.1");
        cluster.addNode("node-2", "198.51.100.2");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aDeploymentBecomesPodsOnAllNodesAndEndpoints() {
        deploy("echo:1", 4);
        expose();
        untilComplete(4);

        assertThat(pods()).extracting(pod -> Tree.text(pod, "spec", "nodeName")).containsOnly("node-1", "node-2");
        cluster.until("four endpoints", () -> readyEndpoints() == 4);
        cluster.until("events", () -> cluster.events("SuccessfulCreate").size() == 4);
        assertThat(cluster.events("Scheduled"))
                .hasSize(4)
                .allMatch(text -> text.startsWith("Successfully assigned shop/web-"));
        ObjectNode deployment = deployment();
        assertThat(Conditions.isTrue(deployment, "Available")).isTrue();
        assertThat(Meta.annotation(deployment, "deployment.kubernetes.io/revision"))
                .isEqualTo("1");
    }

    @Test
    void scalingAddsAndRemovesPods() {
        deploy("echo:1", 2);
        untilComplete(2);
        deploy("echo:1", 5);
        untilComplete(5);
        deploy("echo:1", 1);
        untilComplete(1);
        assertThat(cluster.list(Resource.REPLICA_SETS, "shop")).hasSize(1);
    }

    @Test
    void aNewTemplateReplacesAllPodsAndTheOldOneCanComeBack() {
        deploy("echo:1", 3);
        untilComplete(3);
        deploy("echo:2", 3);
        untilComplete(3);
        assertThat(images()).containsOnly("echo:2");
        assertThat(Meta.annotation(deployment(), "deployment.kubernetes.io/revision"))
                .isEqualTo("2");

        deploy("echo:1", 3);
        untilComplete(3);
        assertThat(images()).containsOnly("echo:1");
        assertThat(cluster.list(Resource.REPLICA_SETS, "shop")).hasSize(2);
        assertThat(Meta.annotation(deployment(), "deployment.kubernetes.io/revision"))
                .isEqualTo("3");
    }

    @Test
    void aBrokenTemplateLeavesTheOldPodsServing() {
        deploy("echo:1", 4);
        untilComplete(4);
        cluster.brokenImages.add("echo:broken");
        deploy("echo:broken", 4);
        cluster.until("the surge stands", () -> images().contains("echo:broken"));
        cluster.untilQuiet();
        assertThat(images().stream().filter("echo:1"::equals).count()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void aDeletedPodIsReplaced() {
        deploy("echo:1", 2);
        untilComplete(2);
        cluster.api.delete(Resource.PODS, "shop", Meta.name(pods().getFirst()), DeleteOptions.DEFAULT);
        cluster.until(
                "a third pod was created",
                () -> cluster.events("SuccessfulCreate").size() == 3);
        untilComplete(2);
    }

    @Test
    void noPodIsCreatedTwiceWhenControllersRestart() {
        deploy("echo:1", 20);
        cluster.restartControllers();
        untilComplete(20);
        cluster.untilQuiet();
        assertThat(pods()).hasSize(20);
    }

    private void deploy(String image, int replicas) {
        cluster.apply(Resource.DEPLOYMENTS, """
            {"metadata": {"namespace": "shop", "name": "web"},
             "spec": {"replicas": %d, "selector": {"matchLabels": {"app": "web"}},
                      "template": {"metadata": {"labels": {"app": "web"}},
                                   "spec": {"containers": [{"name": "web", "image": "%s"}]}}}}
            """.formatted(replicas, image));
    }

    private void expose() {
        cluster.apply(Resource.SERVICES, """
            {"metadata": {"namespace": "shop", "name": "web"},
             "spec": {"type": "ClusterIP", "clusterIP": "10.96.0.5", "ipFamilies": ["IPv4"],
                      "selector": {"app": "web"}, "ports": [{"protocol": "TCP", "port": 80, "targetPort": 8080}]}}
            """);
    }

    private void untilComplete(int replicas) {
        cluster.until("the rollout is complete", () -> {
            ObjectNode deployment = deployment();
            return Tree.number(deployment, 0, "status", "updatedReplicas") == replicas
                    && Tree.number(deployment, 0, "status", "availableReplicas") == replicas
                    && Tree.number(deployment, 0, "status", "replicas") == replicas
                    && Tree.number(deployment, 0, "status", "observedGeneration")
                            == Tree.number(deployment, 0, "metadata", "generation")
                    && pods().size() == replicas;
        });
    }

    private ObjectNode deployment() {
        return cluster.get(Resource.DEPLOYMENTS, "shop", "web");
    }

    private List<ObjectNode> pods() {
        return cluster.list(Resource.PODS, "shop");
    }

    private List<String> images() {
        return pods().stream()
                .map(pod -> Tree.text(Tree.objects(pod, "spec", "containers").getFirst(), "image"))
                .toList();
    }

    private long readyEndpoints() {
        return cluster.list(Resource.ENDPOINT_SLICES, "shop").stream()
                .flatMap(slice -> Tree.objects(slice, "endpoints").stream())
                .filter(endpoint -> Tree.flag(endpoint, "conditions", "ready"))
                .count();
    }
}
