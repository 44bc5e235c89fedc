package dev.fairway.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.control.object.Conditions;
import dev.fairway.schema.ClusterIpObject;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
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
import tools.jackson.databind.node.ObjectNode;

/// The life of service blocks and of the addresses in them. The API in memory gives out no addresses by itself: they
/// are
/// written down here.
@Timeout(60)
class AddressScenarioTest {

    private final Cluster cluster = new Cluster(Ground.MEMORY);

    @BeforeEach
    void waitForTheDefaultObjects() {
        cluster.until(
                "the default block",
                () -> find(Resource.SERVICE_CIDRS, "kubernetes").isPresent());
        cluster.until("namespaces", () -> cluster.list(Resource.NAMESPACES, "").size() == 4);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void theDefaultBlockStandsReadyFromItsFirstMomentAndComesBack() {
        ObjectNode range = cluster.get(Resource.SERVICE_CIDRS, "", "kubernetes");
        assertThat(Tree.texts(range, "spec", "cidrs")).containsExactly("10.96.0.0/16");
        assertThat(Conditions.isTrue(range, "Ready")).isTrue();
        assertThat(Tree.texts(range, "metadata", "finalizers"))
                .containsExactly("networking.k8s.io/service-cidr-finalizer");
    }

    @Test
    void aDefaultBlockThatDiffersFromTheSettingsIsReportedAndKept() {
        cluster.apply(Resource.SERVICE_CIDRS, """
            {"metadata": {"name": "kubernetes"}, "spec": {"cidrs": ["10.112.0.0/16"]}}""");
        cluster.until(
                "a report", () -> !cluster.events("KubernetesServiceCIDRError").isEmpty());
        assertThat(cluster.events("KubernetesServiceCIDRError"))
                .containsOnly("the ServiceCIDR has 10.112.0.0/16, the server was started with 10.96.0.0/16: "
                        + "the ServiceCIDR counts");
    }

    @Test
    void aNewBlockGetsAFinalizerAndIsReady() {
        block("more", "10.97.0.0/24");
        cluster.until("ready", () -> isReady("more"));
        ObjectNode range = cluster.get(Resource.SERVICE_CIDRS, "", "more");
        assertThat(Tree.texts(range, "metadata", "finalizers"))
                .containsExactly("networking.k8s.io/service-cidr-finalizer");
        assertThat(Conditions.find(range, "Ready").map(it -> Tree.text(it, "message")))
                .contains("Kubernetes Service CIDR is ready");
    }

    @Test
    void aBlockWithAddressesStaysUntilTheyAreGone() {
        block("more", "10.97.0.0/24");
        cluster.until("ready", () -> isReady("more"));
        service("web", "10.97.0.7");
        address("10.97.0.7", "web");
        delete(Resource.SERVICE_CIDRS, "more");
        cluster.until("said to be in use", () -> terminating("more"));
        cluster.pass(Duration.ofMinutes(1));
        cluster.untilQuiet();
        assertThat(find(Resource.SERVICE_CIDRS, "more")).isPresent();

        cluster.api.delete(Resource.SERVICES, "default", "web", DeleteOptions.DEFAULT);
        delete(Resource.IP_ADDRESSES, "10.97.0.7");
        cluster.until("gone", () -> find(Resource.SERVICE_CIDRS, "more").isEmpty());
    }

    @Test
    void aBlockWhoseAddressesLieInAnotherOneMayGo() {
        block("more", "10.97.0.0/24");
        block("wide", "10.97.0.0/20");
        cluster.until("ready", () -> isReady("more") && isReady("wide"));
        service("web", "10.97.0.7");
        address("10.97.0.7", "web");
        delete(Resource.SERVICE_CIDRS, "more");
        cluster.untilLater("gone", () -> find(Resource.SERVICE_CIDRS, "more").isEmpty());
        assertThat(find(Resource.IP_ADDRESSES, "10.97.0.7")).isPresent();
    }

    @Test
    void aBlockWaitsTenSecondsForOtherServersToHearOfItsDeletion() {
        block("more", "10.97.0.0/24");
        cluster.until("ready", () -> isReady("more"));
        delete(Resource.SERVICE_CIDRS, "more");
        cluster.untilQuiet();
        assertThat(find(Resource.SERVICE_CIDRS, "more")).isPresent();
        cluster.untilLater("gone", () -> find(Resource.SERVICE_CIDRS, "more").isEmpty());
    }

    @Test
    void anAddressObjectThatSomebodyDeletedIsMadeAgain() {
        service("web", "10.96.0.77");
        cluster.until(
                "an address", () -> find(Resource.IP_ADDRESSES, "10.96.0.77").isPresent());
        ObjectNode address = cluster.get(Resource.IP_ADDRESSES, "", "10.96.0.77");
        assertThat(ClusterIpObject.service(address)).contains(new ObjectKey("default", "web"));
        assertThat(Meta.labels(address))
                .containsEntry("ipaddress.kubernetes.io/ip-family", "IPv4")
                .containsEntry("ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io");
        assertThat(cluster.events("ClusterIPNotAllocated"))
                .contains("Cluster IP [IPv4]: 10.96.0.77 is not allocated; repairing");

        delete(Resource.IP_ADDRESSES, "10.96.0.77");
        cluster.until(
                "the address again",
                () -> find(Resource.IP_ADDRESSES, "10.96.0.77")
                        .filter(it -> !Meta.uid(it).equals(Meta.uid(address)))
                        .isPresent());
    }

    @Test
    void addressesThatAreWrongAreReported() {
        service("first", "10.96.0.80");
        service("second", "10.96.0.80");
        service("far", "192.0.2.1");
        service("odd", "nonsense");
        List.of("ClusterIPAlreadyAllocated", "ClusterIPOutOfRange", "ClusterIPNotValid")
                .forEach(reason ->
                        cluster.until(reason, () -> !cluster.events(reason).isEmpty()));
        String outOfRange = "192.0.2.1 is not within any configured Service CIDR; please recreate service";
        assertThat(cluster.events("ClusterIPOutOfRange")).containsOnly("Cluster IP [IPv4]: " + outOfRange);
        assertThat(cluster.events("ClusterIPNotValid"))
                .containsOnly("Cluster IP nonsense is not a valid IP; please recreate Service");
    }

    @Test
    void anAddressOfNobodyIsGivenBackAfterAMinuteButNotSomebodyElses() {
        address("10.96.0.90", "missing");
        cluster.apply(Resource.IP_ADDRESSES, """
            {"metadata": {"name": "10.96.0.91", "labels": {"ipaddress.kubernetes.io/managed-by": "me.example"}},
             "spec": {"parentRef": {"resource": "services", "namespace": "default", "name": "missing"}}}""");
        cluster.pass(Duration.ofSeconds(30));
        cluster.untilQuiet();
        assertThat(find(Resource.IP_ADDRESSES, "10.96.0.90")).isPresent();
        cluster.untilLater(
                "given back", () -> find(Resource.IP_ADDRESSES, "10.96.0.90").isEmpty());
        assertThat(find(Resource.IP_ADDRESSES, "10.96.0.91")).isPresent();
    }

    private void block(String name, String cidr) {
        cluster.apply(Resource.SERVICE_CIDRS, """
            {"metadata": {"name": "%s"}, "spec": {"cidrs": ["%s"]}}""".formatted(name, cidr));
    }

    private void service(String name, String ip) {
        cluster.apply(Resource.SERVICES, """
            {"metadata": {"namespace": "default", "name": "%1$s"},
             "spec": {"type": "ClusterIP", "clusterIP": "%2$s", "clusterIPs": ["%2$s"],
                      "ports": [{"protocol": "TCP", "port": 80, "targetPort": 80}]}}""".formatted(name, ip));
    }

    private void address(String ip, String service) {
        assertThat(cluster.api.create(
                        Resource.IP_ADDRESSES, ClusterIpObject.of(ip, "IPv4", new ObjectKey("default", service))))
                .isNotNull();
    }

    private void delete(Resource resource, String name) {
        cluster.api.delete(resource, "", name, DeleteOptions.DEFAULT);
    }

    private Optional<ObjectNode> find(Resource resource, String name) {
        return cluster.api.get(resource, "", name);
    }

    private boolean isReady(String name) {
        return find(Resource.SERVICE_CIDRS, name)
                .filter(range -> Conditions.isTrue(range, "Ready"))
                .isPresent();
    }

    private boolean terminating(String name) {
        return find(Resource.SERVICE_CIDRS, name)
                .flatMap(range -> Conditions.find(range, "Ready"))
                .filter(it -> Tree.text(it, "reason").equals("Terminating")
                        && Tree.text(it, "status").equals("False"))
                .isPresent();
    }
}
