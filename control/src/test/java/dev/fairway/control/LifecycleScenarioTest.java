package dev.fairway.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.control.loadbalancer.LoadBalancerProvider.BalancedNode;
import dev.fairway.control.object.Conditions;
import dev.fairway.control.object.Pods;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

@Timeout(60)
@ParameterizedClass
@EnumSource(Ground.class)
class LifecycleScenarioTest {

    private static final String FINALIZER = "service.kubernetes.io/load-balancer-cleanup";

    private final Cluster cluster;

    LifecycleScenarioTest(Ground ground) {
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
    void everyClusterBeginsWithItsDefaultObjects() {
        cluster.until(
                "four namespaces", () -> cluster.list(Resource.NAMESPACES, "").size() == 4);
        cluster.until("services", () -> cluster.list(Resource.SERVICES, "").size() == 2);
        cluster.until(
                "accounts", () -> cluster.list(Resource.SERVICE_ACCOUNTS, "").size() == 4);
        cluster.until(
                "certificates", () -> cluster.list(Resource.CONFIG_MAPS, "").size() == 4);
        cluster.untilQuiet();

        ObjectNode kubernetes = cluster.get(Resource.SERVICES, "default", "kubernetes");
        assertThat(Tree.text(kubernetes, "spec", "clusterIP")).isEqualTo("10.96.0.1");
        assertThat(Meta.labels(kubernetes)).containsEntry("component", "apiserver");
        ObjectNode slice = cluster.get(Resource.ENDPOINT_SLICES, "default", "kubernetes");
        assertThat(Json.toText(slice)).contains("198.51.100.250").contains("6443");
        assertThat(cluster.list(Resource.ENDPOINT_SLICES, "default"))
                .as("not mirrored once more")
                .hasSize(1);
        assertThat(Tree.text(cluster.get(Resource.CONFIG_MAPS, "kube-public", "kube-root-ca.crt"), "data", "ca.crt"))
                .isEqualTo("CA TEXT");
    }

    @Test
    void everyNamespaceLearnsOfTheNextAuthority() {
        cluster.until(
                "certificates", () -> cluster.list(Resource.CONFIG_MAPS, "").size() == 4);
        cluster.caText = "CA TEXT, THEN THE NEXT";
        cluster.patch(Resource.NAMESPACES, "", "kube-public", "{\"metadata\": {\"labels\": {\"touched\": \"yes\"}}}");
        cluster.until(
                "the next authority",
                () -> Tree.text(cluster.get(Resource.CONFIG_MAPS, "kube-public", "kube-root-ca.crt"), "data", "ca.crt")
                        .equals(cluster.caText));
    }

    @Test
    void aBalancedServiceGetsAFinalizerThenAnAddressAndLosesBothWithItsType() {
        createService("web", "\"type\": \"LoadBalancer\"");
        cluster.until("an address", () -> address("web").equals("203.0.113.1"));
        assertThat(finalizers("web")).containsExactly(FINALIZER);
        cluster.until(
                "both nodes behind the address",
                () -> cluster.provider.requests().values().stream()
                        .flatMap(request -> request.nodes().stream())
                        .map(BalancedNode::name)
                        .toList()
                        .equals(List.of("node-1", "node-2")));
        cluster.until("events", () -> cluster.events("EnsuredLoadBalancer").size() == 1);

        cluster.patch(Resource.SERVICES, "shop", "web", "{\"spec\": {\"type\": \"ClusterIP\"}}");
        cluster.until("no finalizer", () -> finalizers("web").isEmpty());
        assertThat(address("web")).isEmpty();
        assertThat(cluster.provider.requests()).isEmpty();
    }

    @Test
    void aDeletedBalancedServiceWaitsForItsProvider() {
        createService("web", "\"type\": \"LoadBalancer\"");
        cluster.until("an address", () -> !address("web").isEmpty());
        cluster.provider.fail(Optional.of("the router is away"));
        cluster.api.delete(Resource.SERVICES, "shop", "web", DeleteOptions.DEFAULT);
        cluster.until(
                "a warning", () -> !cluster.events("DeleteLoadBalancerFailed").isEmpty());
        assertThat(cluster.api.get(Resource.SERVICES, "shop", "web")).isPresent();

        cluster.provider.fail(Optional.empty());
        cluster.untilLater(
                "the service is gone",
                () -> cluster.api.get(Resource.SERVICES, "shop", "web").isEmpty());
        assertThat(cluster.provider.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"acme.example/lb, false", "fairway.dev/table, true"})
    void onlyTheProvidersOwnClassIsServed(String loadBalancerClass, boolean served) {
        createService("web", "\"type\": \"LoadBalancer\", \"loadBalancerClass\": \"%s\"".formatted(loadBalancerClass));
        createService("witness", "\"type\": \"LoadBalancer\"");
        cluster.until("the other one is served", () -> !address("witness").isEmpty());
        cluster.untilQuiet();
        assertThat(!address("web").isEmpty()).isEqualTo(served);
    }

    @Test
    void excludedNodesLeaveTheBalancerAndAddressesSurviveARestart() {
        createService("first", "\"type\": \"LoadBalancer\"");
        cluster.until("an address", () -> address("first").equals("203.0.113.1"));
        createService("second", "\"type\": \"LoadBalancer\"");
        cluster.until("an address", () -> address("second").equals("203.0.113.2"));
        String uid = Meta.uid(cluster.get(Resource.SERVICES, "shop", "second"));

        cluster.patch(Resource.NODES, "", "node-1", """
            {"metadata": {"labels": {"node.kubernetes.io/exclude-from-external-load-balancers": ""}}}""");
        cluster.until("one node is left", () -> balancedNodes(uid) == 1);

        cluster.provider.release("shop", "second", uid);
        cluster.restartControllers();
        cluster.until("requested again", () -> cluster.provider.requests().containsKey(uid));
        assertThat(address("second")).isEqualTo("203.0.113.2");
    }

    @Test
    void aDeletedNamespaceIsEmptiedPodsFirst() {
        cluster.apply(Resource.NAMESPACES, "{\"metadata\": {\"name\": \"shop\"}}");
        cluster.apply(Resource.PODS, """
            {"metadata": {"namespace": "shop", "name": "solo"},
             "spec": {"containers": [{"name": "a", "image": "x"}]}}""");
        createService("web", "\"type\": \"ClusterIP\"");
        cluster.until("the pod runs", () -> Pods.isReady(cluster.get(Resource.PODS, "shop", "solo")));

        cluster.api.delete(Resource.NAMESPACES, "", "shop", DeleteOptions.DEFAULT);
        cluster.untilLater(
                "it is gone",
                () -> cluster.api.get(Resource.NAMESPACES, "", "shop").isEmpty());
        assertThat(cluster.list(Resource.SERVICES, "shop")).isEmpty();
        List<String> calls = cluster.api.calls();
        assertThat(calls.indexOf("delete pods shop/solo")).isLessThan(calls.indexOf("delete services shop/web"));
    }

    @ParameterizedTest
    @CsvSource({"Background, 0", "Foreground, 0", "Orphan, 3", "Orphan, 3", "Orphan, 3", "Orphan, 3"})
    void podsFollowTheirOwnerAsAsked(String propagation, int podsLeft) {
        cluster.apply(Resource.REPLICA_SETS, """
            {"metadata": {"namespace": "shop", "name": "web"},
             "spec": {"replicas": 3, "selector": {"matchLabels": {"app": "web"}},
                      "template": {"metadata": {"labels": {"app": "web"}},
                                   "spec": {"containers": [{"name": "web", "image": "x"}]}}}}""");
        cluster.until(
                "three pods",
                () -> cluster.list(Resource.PODS, "shop").stream()
                                .filter(Pods::isReady)
                                .count()
                        == 3);

        cluster.api.delete(Resource.REPLICA_SETS, "shop", "web", new DeleteOptions(-1, "", propagation));
        cluster.until(
                "the owner is gone",
                () -> cluster.list(Resource.REPLICA_SETS, "shop").isEmpty());
        cluster.until(
                "pods are left as asked",
                () -> cluster.list(Resource.PODS, "shop").size() == podsLeft);
        cluster.untilQuiet();
        assertThat(cluster.list(Resource.PODS, "shop"))
                .hasSize(podsLeft)
                .allMatch(pod -> Meta.controller(pod).isEmpty());
    }

    @Test
    void aSilentNodeBecomesUnknownAndItsPodsUnready() {
        cluster.apply(Resource.PODS, """
            {"metadata": {"namespace": "shop", "name": "solo", "labels": {"app": "web"}},
             "spec": {"nodeName": "node-1", "containers": [{"name": "a", "image": "x"}]}}""");
        createService("web", "\"type\": \"ClusterIP\"");
        cluster.until("an endpoint", () -> readyEndpoints("web") == 1);

        cluster.pass(Duration.ofSeconds(30));
        renewLease("node-2");
        cluster.pass(Duration.ofSeconds(15));
        cluster.until("node-1 is lost", () -> readiness("node-1").equals("Unknown"));
        cluster.until("no endpoint", () -> readyEndpoints("web") == 0);
        assertThat(readiness("node-2")).isEqualTo("True");
        assertThat(cluster.events("NodeNotReady")).contains("Node node-1 status is now: NodeNotReady");
    }

    @Test
    void podsOfARemovedNodeGo() {
        cluster.apply(Resource.PODS, """
            {"metadata": {"namespace": "shop", "name": "solo"},
             "spec": {"nodeName": "node-1", "containers": [{"name": "a", "image": "x"}]}}""");
        cluster.until("it runs", () -> Pods.isReady(cluster.get(Resource.PODS, "shop", "solo")));
        cluster.api.delete(Resource.NODES, "", "node-1", DeleteOptions.DEFAULT);
        cluster.until("it is gone", () -> cluster.list(Resource.PODS, "shop").isEmpty());
    }

    @Test
    void endpointsThatPeopleWriteAreMirrored() {
        cluster.apply(Resource.SERVICES, """
            {"metadata": {"namespace": "shop", "name": "db"}, "spec": {"clusterIP": "10.96.0.9",
             "ports": [{"name": "pg", "port": 5432}]}}""");
        cluster.apply(Resource.ENDPOINTS, """
            {"metadata": {"namespace": "shop", "name": "db"},
             "subsets": [{"addresses": [{"ip": "192.0.2.7"}, {"ip": "2001:db8::7"}],
                          "ports": [{"name": "pg", "port": 5432, "protocol": "TCP"}]}]}""");
        cluster.until(
                "one slice per family",
                () -> cluster.list(Resource.ENDPOINT_SLICES, "shop").size() == 2);
        assertThat(cluster.list(Resource.ENDPOINT_SLICES, "shop"))
                .extracting(slice -> Tree.text(slice, "addressType"))
                .containsExactlyInAnyOrder("IPv4", "IPv6");

        cluster.api.delete(Resource.ENDPOINTS, "shop", "db", DeleteOptions.DEFAULT);
        cluster.until(
                "no slice", () -> cluster.list(Resource.ENDPOINT_SLICES, "shop").isEmpty());
    }

    private void createService(String name, String fields) {
        cluster.apply(Resource.SERVICES, """
            {"metadata": {"namespace": "shop", "name": "%s"},
             "spec": {%s, "ipFamilies": ["IPv4"], "selector": {"app": "web"},
                      "ports": [{"name": "http", "protocol": "TCP", "port": 80, "targetPort": 8080}]}}
            """.formatted(name, fields));
    }

    private long balancedNodes(String uid) {
        return cluster.provider.requests().values().stream()
                .filter(request -> request.uid().equals(uid))
                .mapToLong(request -> request.nodes().size())
                .sum();
    }

    private void renewLease(String node) {
        cluster.apply(Resource.LEASES, """
            {"metadata": {"namespace": "kube-node-lease", "name": "%s"}, "spec": {"renewTime": "%s"}}
            """.formatted(node, cluster.clock.instant()));
    }

    private String readiness(String node) {
        return Conditions.find(cluster.get(Resource.NODES, "", node), "Ready")
                .map(condition -> Tree.text(condition, "status"))
                .orElse("");
    }

    private long readyEndpoints(String service) {
        return cluster.list(Resource.ENDPOINT_SLICES, "shop").stream()
                .filter(slice -> Meta.labels(slice)
                        .getOrDefault(Indexes.SERVICE_NAME, "")
                        .equals(service))
                .flatMap(slice -> Tree.objects(slice, "endpoints").stream())
                .filter(endpoint -> Tree.flag(endpoint, "conditions", "ready"))
                .count();
    }

    private String address(String service) {
        return Tree.objects(cluster.get(Resource.SERVICES, "shop", service), "status", "loadBalancer", "ingress")
                .stream()
                .map(ingress -> Tree.text(ingress, "ip"))
                .findFirst()
                .orElse("");
    }

    private List<String> finalizers(String service) {
        return Tree.texts(cluster.get(Resource.SERVICES, "shop", service), "metadata", "finalizers");
    }
}
