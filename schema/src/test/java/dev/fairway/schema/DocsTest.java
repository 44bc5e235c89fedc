package dev.fairway.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What `kubectl explain` says: everything that touches Services has a sentence.
class DocsTest {

    /// Their fields are those of every object, or of the machinery, and are not all explained.
    private static final Set<String> MACHINERY = Set.of("ManagedFieldsEntry");

    static Stream<Arguments> kinds() {
        return Stream.of(
                new Arguments("v1", "Service"),
                new Arguments("v1", "ServiceList"),
                new Arguments("v1", "Endpoints"),
                new Arguments("v1", "EndpointsList"),
                new Arguments("discovery.k8s.io/v1", "EndpointSlice"),
                new Arguments("discovery.k8s.io/v1", "EndpointSliceList"),
                new Arguments("networking.k8s.io/v1", "ServiceCIDR"),
                new Arguments("networking.k8s.io/v1", "ServiceCIDRList"),
                new Arguments("networking.k8s.io/v1", "IPAddress"),
                new Arguments("networking.k8s.io/v1", "IPAddressList"),
                new Arguments("networking.k8s.io/v1", "Ingress"),
                new Arguments("networking.k8s.io/v1", "IngressList"),
                new Arguments("networking.k8s.io/v1", "IngressClass"),
                new Arguments("networking.k8s.io/v1", "IngressClassList"),
                new Arguments("networking.k8s.io/v1", "NetworkPolicy"),
                new Arguments("networking.k8s.io/v1", "NetworkPolicyList"));
    }

    record Arguments(String apiVersion, String kind) {}

    @ParameterizedTest
    @MethodSource("kinds")
    void everyFieldThatTouchesServicesIsExplained(Arguments kind) {
        Set<ObjectType> reached = new LinkedHashSet<>();
        reach(Types.of(kind.apiVersion(), kind.kind()), reached);
        assertThat(silent(reached)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "io.k8s.api.core.v1.ContainerPort",
        "io.k8s.api.core.v1.GRPCAction",
        "io.k8s.api.core.v1.HTTPGetAction",
        "io.k8s.api.core.v1.HostAlias",
        "io.k8s.api.core.v1.NodeAddress",
        "io.k8s.api.core.v1.PodCondition",
        "io.k8s.api.core.v1.PodDNSConfig",
        "io.k8s.api.core.v1.PodIP",
        "io.k8s.api.core.v1.PodReadinessGate",
        "io.k8s.api.core.v1.Probe",
        "io.k8s.api.core.v1.TCPSocketAction",
    })
    void whatServicesReadOfPodsAndNodesIsExplained(String type) {
        Set<ObjectType> reached = new LinkedHashSet<>();
        reach(Types.named(type), reached);
        assertThat(silent(reached)).isEmpty();
    }

    @Test
    void theFieldsOfPodsAndNodesThatServicesReadAreExplained() {
        explained("PodSpec", "containers", "initContainers", "hostNetwork", "hostname", "subdomain", "nodeName");
        explained("PodSpec", "dnsPolicy", "dnsConfig", "readinessGates", "terminationGracePeriodSeconds");
        explained("Container", "ports", "readinessProbe", "livenessProbe", "startupProbe");
        explained("PodStatus", "phase", "conditions", "hostIP", "hostIPs", "podIP", "podIPs");
        explained("NodeSpec", "podCIDR", "podCIDRs", "unschedulable");
        explained("NodeStatus", "addresses", "conditions");
    }

    private static void explained(String type, String... fields) {
        ObjectType found = Types.named("io.k8s.api.core.v1." + type);
        for (String field : fields) {
            assertThat(found.field(field).orElseThrow().doc())
                    .as("%s.%s", type, field)
                    .isNotEmpty();
        }
    }

    private static List<String> silent(Set<ObjectType> types) {
        Set<String> silent = new TreeSet<>();
        for (ObjectType type : types) {
            if (type.doc().isEmpty()) {
                silent.add(type.name());
            }
            type.fields().values().stream()
                    .filter(field -> field.doc().isEmpty())
                    .forEach(field -> silent.add(type.name() + "." + field.name()));
        }
        return List.copyOf(silent);
    }

    private static void reach(ObjectType type, Set<ObjectType> reached) {
        if (!MACHINERY.contains(type.shortName()) && reached.add(type)) {
            type.fields().values().forEach(field -> reach(field.shape(), reached));
        }
    }

    private static void reach(Shape shape, Set<ObjectType> reached) {
        switch (shape) {
            case Shape.Message message -> reach(Types.named(message.type()), reached);
            case Shape.ListOf list -> reach(list.element(), reached);
            case Shape.MapOf map -> reach(map.value(), reached);
            case Shape.Scalar _, Shape.Special _ -> {}
        }
    }
}
