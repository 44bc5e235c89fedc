package dev.fairway.control.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.FixedSnapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class EndpointSliceControllerTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final WorkKey WEB = new WorkKey(Resource.SERVICES, "shop", "web");

    private final List<ObjectNode> pods = new ArrayList<>();
    private final List<ObjectNode> slices = new ArrayList<>();
    private final List<ObjectNode> nodes = new ArrayList<>(List.of(Json.parse("""
            {"metadata": {"name": "n1", "labels": {"topology.kubernetes.io/zone": "z1"}}}""")));
    private ObjectNode service = Json.parse("""
            {"metadata": {"namespace": "shop", "name": "web", "uid": "u-web", "labels": {"team": "blue"},
                          "creationTimestamp": "2025-12-31T23:00:00Z"},
             "spec": {"clusterIP": "10.96.0.5", "ipFamilies": ["IPv4"], "selector": {"app": "web"},
                      "ports": [{"name": "http", "protocol": "TCP", "port": 80, "targetPort": 8080}]}}""");

    /// `r/s/t` in the order ready, serving, terminating; `-` when the pod is no endpoint.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            what                        | pod                                             | publish | conditions
            running and ready           | {"status": {"phase": "Running"}}                | false   | true/true/false
            not ready                   | {"status": {"conditions": []}}                  | false   | false/false/false
            not ready but published     | {"status": {"conditions": []}}                  | true    | true/false/false
            terminating                 | {"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}} | false | false/true/true
            terminating but published   | {"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}} | true  | true/true/true
            succeeded                   | {"status": {"phase": "Succeeded"}}              | false   | -
            failed                      | {"status": {"phase": "Failed"}}                 | true    | -
            without address             | {"status": {"podIPs": [], "podIP": ""}}         | true    | -
            other labels                | {"metadata": {"labels": {"app": "db"}}}         | false   | -
            on an unknown node          | {"spec": {"nodeName": "n9"}}                    | false   | -
            unknown node but published  | {"spec": {"nodeName": "n9"}}                    | true    | true/true/false
            """, useHeadersInDisplayName = true)
    void conditionsFollowThePod(String what, String pod, boolean publish, String conditions) {
        pods.add(pod("a", "10.244.1.2", pod));
        Tree.makeObject(service, "spec").put("publishNotReadyAddresses", publish);
        String found = endpoints().stream()
                .map(endpoint -> Tree.at(endpoint, "conditions"))
                .map(it -> Tree.flag(it, "ready") + "/" + Tree.flag(it, "serving") + "/" + Tree.flag(it, "terminating"))
                .findFirst()
                .orElse("-");
        assertThat(found).as(what).isEqualTo(conditions);
    }

    @Test
    void aSliceSaysWhoseItIsAndWhereItsPodsAre() {
        pods.add(pod("a", "10.244.1.2", "{\"spec\": {\"hostname\": \"a-0\", \"subdomain\": \"web\"}}"));
        ObjectNode slice = created().getFirst();
        assertThat(Tree.text(slice, "metadata", "generateName")).isEqualTo("web-");
        assertThat(Meta.labels(slice))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io",
                        "kubernetes.io/service-name", "web",
                        "team", "blue"));
        assertThat(Meta.controller(slice).map(owner -> Tree.text(owner, "uid"))).contains("u-web");
        assertThat(Meta.annotations(slice)).containsKey("endpoints.kubernetes.io/last-change-trigger-time");
        assertThat(Tree.text(slice, "addressType")).isEqualTo("IPv4");
        assertThat(Tree.objects(slice, "endpoints").getFirst()).isEqualTo(Json.parse("""
            {"addresses": ["10.244.1.2"], "conditions": {"ready": true, "serving": true, "terminating": false},
             "hostname": "a-0", "nodeName": "n1", "zone": "z1",
             "targetRef": {"kind": "Pod", "namespace": "shop", "name": "a", "uid": "u-a"}}"""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            service                                                        | slices
            {"spec": {"type": "ExternalName"}}                             | 0
            {"spec": {"selector": null}}                                   | 0
            {"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}}    | 0
            {"spec": {"selector": {}}}                                     | 1
            {"spec": {"ipFamilies": ["IPv4", "IPv6"]}}                     | 2
            {"spec": {"clusterIP": "None"}}                                | 1
            """, useHeadersInDisplayName = true)
    void aServiceWithSelectorAlwaysHasASlicePerFamily(String change, int slices) {
        merge(service, Json.parse(change));
        assertThat(created())
                .hasSize(slices)
                .allMatch(slice -> Tree.objects(slice, "endpoints").isEmpty());
    }

    @Test
    void podsThatNameAPortDifferentlyGetTheirOwnSlices() {
        merge(Tree.objects(service, "spec", "ports").getFirst(), Json.parse("{\"targetPort\": \"web\"}"));
        pods.add(pod("a", "10.244.1.2", container("web", 8080)));
        pods.add(pod("b", "10.244.1.3", container("web", 9090)));
        pods.add(pod("c", "10.244.1.4", container("web", 9090)));
        pods.add(pod("d", "10.244.1.5", container("other", 1)));
        assertThat(created())
                .extracting(EndpointSliceControllerTest::summary)
                .containsExactlyInAnyOrder("[] 10.244.1.5", "[8080] 10.244.1.2", "[9090] 10.244.1.3 10.244.1.4");
    }

    @Test
    void dualStackPodsAppearInASliceOfEachFamily() {
        merge(service, Json.parse("{\"spec\": {\"ipFamilies\": [\"IPv6\", \"IPv4\"]}}"));
        pods.add(pod(
                "a", "10.244.1.2", "{\"status\": {\"podIPs\": [{\"ip\": \"10.244.1.2\"}, {\"ip\": \"fd00::2\"}]}}"));
        assertThat(created())
                .extracting(EndpointSliceControllerTest::summary)
                .containsExactlyInAnyOrder("[8080] 10.244.1.2", "[8080] fd00::2");
    }

    @Test
    void aHeadlessServiceIsMarked() {
        merge(service, Json.parse("{\"spec\": {\"clusterIP\": \"None\", \"ports\": null}}"));
        pods.add(pod("a", "10.244.1.2", "{}"));
        ObjectNode slice = created().getFirst();
        assertThat(Meta.labels(slice)).containsEntry("service.kubernetes.io/headless", "");
        assertThat(summary(slice)).isEqualTo("[] 10.244.1.2");
    }

    @ParameterizedTest
    @CsvSource({
        "PreferClose,    false, '{\"forZones\":[{\"name\":\"z1\"}]}'",
        "PreferSameZone, false, '{\"forZones\":[{\"name\":\"z1\"}]}'",
        "PreferSameNode, false, '{\"forZones\":[{\"name\":\"z1\"}],\"forNodes\":[{\"name\":\"n1\"}]}'",
        "PreferSameNode, true,  ''",
    })
    void readyEndpointsCarryHints(String distribution, boolean terminating, String hints) {
        Tree.makeObject(service, "spec").put("trafficDistribution", distribution);
        pods.add(pod("a", "10.244.1.2", terminating ? "{\"status\": {\"conditions\": []}}" : "{}"));
        var found = Tree.at(endpoints().getFirst(), "hints");
        assertThat(found.isMissingNode() ? "" : Json.toText(found)).isEqualTo(hints);
    }

    @Test
    void whatIsAsWantedIsLeftAlone() {
        pods.add(pod("a", "10.244.1.2", "{}"));
        keep(created());
        assertThat(decide().writes()).isEmpty();
    }

    /// What a pod asks for, and what its slice says then; `-` for nothing.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            weight | said
            3      | {"10.244.1.2":3}
            0      | {"10.244.1.2":0}
            100    | {"10.244.1.2":100}
            1      | -
            101    | -
            -1     | -
            many   | -
            ''     | -
            """, useHeadersInDisplayName = true)
    void aSliceTellsWhatItsPodsWeigh(String weight, String said) {
        pods.add(pod("a", "10.244.1.2", weighing(weight)));
        pods.add(pod("b", "10.244.1.3", "{}"));
        assertThat(Meta.annotations(created().getFirst()).getOrDefault("fairway.dev/weights", "-"))
                .isEqualTo(said);
    }

    @Test
    void anotherWeightReachesTheSlice() {
        pods.add(pod("a", "10.244.1.2", "{}"));
        keep(created());
        merge(pods.getFirst(), Json.parse(weighing("5")));
        assertThat(decide().writes())
                .singleElement()
                .isInstanceOfSatisfying(Write.Update.class, write -> slices.set(0, write.object()));
        assertThat(Meta.annotation(slices.getFirst(), "fairway.dev/weights")).isEqualTo("{\"10.244.1.2\":5}");
        assertThat(decide().writes()).isEmpty();

        merge(pods.getFirst(), Json.parse("{\"metadata\": {\"annotations\": null}}"));
        assertThat(decide().writes())
                .singleElement()
                .isInstanceOfSatisfying(
                        Write.Update.class,
                        write -> assertThat(Meta.annotations(write.object())).doesNotContainKey("fairway.dev/weights"));
    }

    private static String weighing(String weight) {
        return "{\"metadata\": {\"annotations\": {\"fairway.dev/weight\": \"%s\"}}}".formatted(weight);
    }

    @Test
    void theLastEndpointLeavesAnEmptySliceBehind() {
        pods.add(pod("a", "10.244.1.2", "{}"));
        keep(created());
        pods.clear();
        assertThat(decide().writes()).singleElement().isInstanceOfSatisfying(Write.Update.class, write -> {
            assertThat(Meta.name(write.object())).isEqualTo("web-0");
            assertThat(summary(write.object())).isEqualTo("[]");
        });
    }

    @Test
    void newLabelsOfTheServiceReachItsSlices() {
        pods.add(pod("a", "10.244.1.2", "{}"));
        keep(created());
        merge(service, Json.parse("{\"metadata\": {\"labels\": {\"team\": \"red\"}}}"));
        assertThat(decide().writes())
                .singleElement()
                .isInstanceOfSatisfying(
                        Write.Update.class,
                        write -> assertThat(Meta.labels(write.object())).containsEntry("team", "red"));
    }

    @Test
    void aPodOnAnUnknownNodeIsLookedAtAgain() {
        pods.add(pod("a", "10.244.1.2", "{\"spec\": {\"nodeName\": \"n9\"}}"));
        assertThat(decide().again()).isPresent();
    }

    private void keep(List<ObjectNode> created) {
        for (ObjectNode slice : created) {
            Tree.makeObject(slice, "metadata").put("name", "web-" + slices.size());
            slices.add(slice);
        }
    }

    private Decision decide() {
        FixedSnapshot snapshot = new FixedSnapshot()
                .with(Resource.SERVICES, List.of(service))
                .with(Resource.PODS, pods)
                .with(Resource.NODES, nodes)
                .with(Resource.ENDPOINT_SLICES, slices);
        return new EndpointSliceController(100).decide(snapshot, WEB, NOW);
    }

    private List<ObjectNode> created() {
        List<ObjectNode> out = new ArrayList<>();
        for (Write write : decide().writes()) {
            assertThat(write).isInstanceOfSatisfying(Write.Create.class, create -> out.add(create.object()));
        }
        return out;
    }

    private List<ObjectNode> endpoints() {
        return created().stream()
                .flatMap(slice -> Tree.objects(slice, "endpoints").stream())
                .toList();
    }

    private static String summary(ObjectNode slice) {
        String ports = Tree.objects(slice, "ports").stream()
                .map(port -> Long.toString(Tree.number(port, 0, "port")))
                .collect(Collectors.joining(","));
        String addresses = Tree.objects(slice, "endpoints").stream()
                .map(endpoint -> " " + Tree.texts(endpoint, "addresses").getFirst())
                .collect(Collectors.joining());
        return "[" + ports + "]" + addresses;
    }

    private static String container(String port, int number) {
        return "{\"spec\": {\"containers\": [{\"ports\": [{\"name\": \"%s\", \"containerPort\": %d}]}]}}"
                .formatted(port, number);
    }

    private static ObjectNode pod(String name, String address, String change) {
        ObjectNode pod = Json.parse("""
            {"metadata": {"namespace": "shop", "name": "%1$s", "uid": "u-%1$s", "labels": {"app": "web"}},
             "spec": {"nodeName": "n1"},
             "status": {"phase": "Running", "podIP": "%2$s", "podIPs": [{"ip": "%2$s"}],
                        "conditions": [{"type": "Ready", "status": "True",
                                        "lastTransitionTime": "2025-12-31T23:59:50Z"}]}}""".formatted(name, address));
        merge(pod, Json.parse(change));
        return pod;
    }

    private static void merge(ObjectNode target, ObjectNode change) {
        change.properties().forEach(field -> {
            if (field.getValue() instanceof ObjectNode object
                    && !object.isEmpty()
                    && target.get(field.getKey()) instanceof ObjectNode inner) {
                merge(inner, object);
            } else if (field.getValue().isNull()) {
                target.remove(field.getKey());
            } else {
                target.set(field.getKey(), field.getValue());
            }
        });
    }
}
