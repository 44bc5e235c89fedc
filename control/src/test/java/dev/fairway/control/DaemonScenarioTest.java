package dev.fairway.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.control.object.Pods;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/// DaemonSets and ReplicationControllers at work.
@Timeout(60)
@ParameterizedClass
@EnumSource(Ground.class)
class DaemonScenarioTest {

    private final Cluster cluster;

    DaemonScenarioTest(Ground ground) {
        cluster = new Cluster(ground);
    }

    @BeforeEach
    void addNodes() {
        cluster.apply(Resource.NAMESPACES, "{\"metadata\": {\"name\": \"shop\"}}");
        for (int number = 1; number <= 3; number++) {
            cluster.addNode("node-" + number, "198.51.100." + number);
        }
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void everyNodeGetsOnePodAndANewNodeToo() {
        daemon("echo:1", "{}");
        untilRunning("node-1 node-2 node-3");
        cluster.addNode("node-4", "198.51.100.4");
        untilRunning("node-1 node-2 node-3 node-4");
        cluster.until("the status", () -> status("numberAvailable") == 4);
        assertThat(status("desiredNumberScheduled")).isEqualTo(4);
        assertThat(status("currentNumberScheduled")).isEqualTo(4);
        assertThat(status("updatedNumberScheduled")).isEqualTo(4);
        assertThat(status("numberMisscheduled")).isZero();
        assertThat(status("observedGeneration")).isPositive();
    }

    @Test
    void labelsAndTaintsOfNodesDecide() {
        cluster.patch(Resource.NODES, "", "node-2", "{\"metadata\": {\"labels\": {\"disk\": \"ssd\"}}}");
        daemon("echo:1", "{\"nodeSelector\": {\"disk\": \"ssd\"}}");
        untilRunning("node-2");
        cluster.patch(Resource.NODES, "", "node-3", "{\"metadata\": {\"labels\": {\"disk\": \"ssd\"}}}");
        untilRunning("node-2 node-3");
        cluster.patch(Resource.NODES, "", "node-2", "{\"metadata\": {\"labels\": {\"disk\": null}}}");
        untilRunning("node-3");
        cluster.patch(Resource.NODES, "", "node-3", """
            {"spec": {"taints": [{"key": "a", "effect": "NoExecute"}]}}""");
        untilRunning("");
    }

    @Test
    void aCordonedNodeKeepsItsDaemon() {
        cluster.patch(Resource.NODES, "", "node-1", "{\"spec\": {\"unschedulable\": true}}");
        daemon("echo:1", "{}");
        untilRunning("node-1 node-2 node-3");
    }

    @Test
    void aNewTemplateRollsNodeByNode() {
        daemon("echo:1", "{}");
        untilRunning("node-1 node-2 node-3");
        // An old pod that is not known to serve is replaced at once.
        cluster.until("all serve", () -> status("numberAvailable") == 3);
        cluster.brokenImages.add("broken:1");
        image("broken:1");
        cluster.until("one node waits", () -> status("numberUnavailable") == 1);
        cluster.untilQuiet();
        assertThat(images()).containsExactlyInAnyOrder("broken:1", "echo:1", "echo:1");
        image("echo:2");
        cluster.until("all are new", () -> images().equals(List.of("echo:2", "echo:2", "echo:2")));
        cluster.until("all serve", () -> status("numberAvailable") == 3 && status("updatedNumberScheduled") == 3);
    }

    @Test
    void withASurgeTheNewPodComesFirst() {
        daemon("echo:1", "{}");
        cluster.patch(Resource.DAEMON_SETS, "shop", "agent", """
            {"spec": {"updateStrategy": {"type": "RollingUpdate",
                                         "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}}}""");
        untilRunning("node-1 node-2 node-3");
        // An old pod that is not known to serve is replaced at once.
        cluster.until("all serve", () -> status("numberAvailable") == 3);
        cluster.brokenImages.add("broken:1");
        image("broken:1");
        cluster.until("four pods", () -> images().size() == 4);
        cluster.untilQuiet();
        assertThat(images()).containsExactlyInAnyOrder("broken:1", "echo:1", "echo:1", "echo:1");
        image("echo:2");
        cluster.until("all are new", () -> images().equals(List.of("echo:2", "echo:2", "echo:2")));
    }

    @Test
    void onDeleteWaitsForTheUser() {
        daemon("echo:1", "{}");
        cluster.patch(
                Resource.DAEMON_SETS, "shop", "agent", "{\"spec\": {\"updateStrategy\": {\"type\": \"OnDelete\"}}}");
        untilRunning("node-1 node-2 node-3");
        image("echo:2");
        cluster.untilQuiet();
        assertThat(images()).containsOnly("echo:1");
        String first = Meta.name(pods().getFirst());
        cluster.api.delete(Resource.PODS, "shop", first, dev.fairway.schema.client.ApiClient.DeleteOptions.DEFAULT);
        cluster.until("one is new", () -> images().contains("echo:2") && images().size() == 3);
    }

    @Test
    void aReplicationControllerAdoptsScalesAndReleases() {
        cluster.apply(Resource.PODS, """
            {"metadata": {"namespace": "shop", "name": "orphan", "labels": {"app": "web"}},
             "spec": {"containers": [{"name": "web", "image": "echo:1"}]}}""");
        cluster.apply(Resource.REPLICATION_CONTROLLERS, """
            {"metadata": {"namespace": "shop", "name": "web"},
             "spec": {"replicas": 3, "selector": {"app": "web"},
                      "template": {"metadata": {"labels": {"app": "web"}},
                                   "spec": {"containers": [{"name": "web", "image": "echo:1"}]}}}}""");
        cluster.until("three pods", () -> rcStatus("readyReplicas") == 3);
        assertThat(pods()).hasSize(3);
        assertThat(Meta.controller(cluster.get(Resource.PODS, "shop", "orphan")))
                .isPresent();
        cluster.patch(Resource.PODS, "shop", "orphan", "{\"metadata\": {\"labels\": {\"app\": \"other\"}}}");
        cluster.until("a new one", () -> pods().size() == 4);
        assertThat(Meta.controller(cluster.get(Resource.PODS, "shop", "orphan")))
                .isEmpty();
        cluster.patch(Resource.REPLICATION_CONTROLLERS, "shop", "web", "{\"spec\": {\"replicas\": 1}}");
        cluster.until("one left", () -> rcStatus("replicas") == 1 && pods().size() == 2);
    }

    private void daemon(String image, String more) {
        cluster.apply(Resource.DAEMON_SETS, """
            {"metadata": {"namespace": "shop", "name": "agent"},
             "spec": {"selector": {"matchLabels": {"app": "agent"}},
                      "template": {"metadata": {"labels": {"app": "agent"}},
                                   "spec": {"containers": [{"name": "agent", "image": "%s"}]}}}}""".formatted(image));
        cluster.patch(
                Resource.DAEMON_SETS, "shop", "agent", "{\"spec\": {\"template\": {\"spec\": %s}}}".formatted(more));
    }

    private void image(String image) {
        cluster.patch(Resource.DAEMON_SETS, "shop", "agent", """
            {"spec": {"template": {"spec": {"containers": [{"name": "agent", "image": "%s"}]}}}}""".formatted(image));
    }

    private List<ObjectNode> pods() {
        return cluster.list(Resource.PODS, "shop");
    }

    private List<String> images() {
        return pods().stream()
                .map(pod -> Tree.text(Tree.objects(pod, "spec", "containers").getFirst(), "image"))
                .toList();
    }

    private void untilRunning(String nodes) {
        cluster.until(
                "ready pods on: " + nodes,
                () -> String.join(
                                " ",
                                pods().stream()
                                        .filter(pod -> Pods.isReady(pod) && !Meta.isBeingDeleted(pod))
                                        .map(Pods::nodeName)
                                        .sorted()
                                        .toList())
                        .equals(nodes));
    }

    private long status(String field) {
        return Tree.number(cluster.get(Resource.DAEMON_SETS, "shop", "agent"), 0, "status", field);
    }

    private long rcStatus(String field) {
        return Tree.number(cluster.get(Resource.REPLICATION_CONTROLLERS, "shop", "web"), 0, "status", field);
    }
}
