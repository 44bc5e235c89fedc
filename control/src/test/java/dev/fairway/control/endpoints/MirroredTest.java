package dev.fairway.control.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpFamily;
import dev.fairway.control.endpoints.WantedEndpoints.Group;
import dev.fairway.control.loop.FixedSnapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.patch.MergePatch;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class MirroredTest {

    private static final WorkKey DB = new WorkKey(Resource.ENDPOINTS, "shop", "db");
    private static final ObjectNode SERVICE = Json.parse("""
        {"metadata": {"namespace": "shop", "name": "db", "uid": "u-svc"}, "spec": {"type": "ClusterIP"}}""");
    private static final ObjectNode ENDPOINTS = Json.parse("""
        {"metadata": {"namespace": "shop", "name": "db", "uid": "u-ep", "labels": {"team": "blue"},
                      "annotations": {"note": "kept", "endpoints.kubernetes.io/last-change-trigger-time": "x",
                                      "kubectl.kubernetes.io/last-applied-configuration": "{}"}},
         "subsets": [{"addresses": [{"ip": "192.0.2.7"}],
                      "ports": [{"name": "pg", "port": 5432, "protocol": "TCP"}]}]}""");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', useHeadersInDisplayName = true, textBlock = """
        what                           | endpoints                                                                  | service                            | slices
        a Service without selector     | {}                                                                         | {}                                 | 1
        with a selector                | {}                                                                         | {"spec": {"selector": {"a": "b"}}} | 0
        with an empty selector         | {}                                                                         | {"spec": {"selector": {}}}         | 0
        an external name               | {}                                                                         | {"spec": {"type": "ExternalName"}} | 0
        no Service of that name        | {}                                                                         | {"metadata": {"name": "other"}}    | 0
        skipped on request             | {"metadata": {"labels": {"endpointslice.kubernetes.io/skip-mirror": "true"}}} | {}                              | 0
        not skipped for another word   | {"metadata": {"labels": {"endpointslice.kubernetes.io/skip-mirror": "no"}}} | {}                                | 1
        a lock, no endpoints           | {"metadata": {"annotations": {"control-plane.alpha.kubernetes.io/leader": ""}}} | {}                            | 0
        no addresses                   | {"subsets": null}                                                          | {}                                 | 0
        both families                  | {"subsets": [{"addresses": [{"ip": "192.0.2.7"}, {"ip": "2001:db8::7"}]}]} | {}                                 | 2
        two port sets                  | {"subsets": [{"addresses": [{"ip": "192.0.2.7"}], "ports": [{"port": 1}]}, {"addresses": [{"ip": "192.0.2.8"}], "ports": [{"port": 2}]}]} | {} | 2
        the same addresses, two ports  | {"subsets": [{"addresses": [{"ip": "192.0.2.7"}], "ports": [{"port": 1, "name": "a"}]}, {"addresses": [{"ip": "192.0.2.7"}], "ports": [{"port": 2, "name": "b"}]}]} | {} | 1
        """)
    void whatIsMirrored(String what, String endpoints, String service, int slices) {
        List<Write> writes = decide(patched(ENDPOINTS, endpoints), patched(SERVICE, service));
        assertThat(writes).as(what).hasSize(slices).allMatch(write -> write instanceof Write.Create);
    }

    @Test
    void aSliceCarriesWhatItsEndpointsCarry() {
        ObjectNode slice = ((Write.Create) decide(ENDPOINTS, SERVICE).getFirst()).object();
        assertThat(Meta.labels(slice))
                .containsEntry("team", "blue")
                .containsEntry("kubernetes.io/service-name", "db")
                .containsEntry("endpointslice.kubernetes.io/managed-by", "endpointslicemirroring-controller.k8s.io");
        assertThat(Meta.annotations(slice)).hasSize(1).containsEntry("note", "kept");
        assertThat(Meta.controller(slice).map(owner -> Tree.text(owner, "kind")))
                .contains("Endpoints");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", useHeadersInDisplayName = true, textBlock = """
        what            | ready | unready | invalid | mirrored | events
        few             | 2     | 1       | 0       | 3        | -
        invalid ones    | 2     | 0       | 3       | 2        | InvalidIPAddress: Skipped 3 invalid IP addresses when mirroring to EndpointSlices
        too many        | 990   | 20      | 0       | 1000     | TooManyAddressesToMirror: A max of 1000 addresses can be mirrored to EndpointSlices per Endpoints subset. 10 addresses were skipped
        """)
    void limitsAreAnnounced(String what, int ready, int unready, int invalid, int mirrored, String event) {
        ObjectNode endpoints = ENDPOINTS.deepCopy();
        ObjectNode subset = Tree.objects(endpoints, "subsets").getFirst();
        subset.putArray("addresses");
        for (int number = 0; number < ready + unready; number++) {
            Tree.makeArray(subset, number < ready ? "addresses" : "notReadyAddresses")
                    .addObject()
                    .put("ip", "10.%d.%d.%d".formatted(number / 10000, number / 100 % 100, number % 100));
        }
        for (int number = 0; number < invalid; number++) {
            Tree.makeArray(subset, "addresses").addObject().put("ip", "no address " + number);
        }
        List<Write> writes = decide(endpoints, SERVICE);
        ObjectNode slice = ((Write.Create) writes.getFirst()).object();
        assertThat(Tree.objects(slice, "endpoints")).as(what).hasSize(mirrored);
        assertThat(writes.stream()
                        .skip(1)
                        .map(Write.Announce.class::cast)
                        .map(said -> said.reason() + ": " + said.message()))
                .isEqualTo(event == null ? List.of() : List.of(event));
    }

    @Test
    void anAddressThatIsBothReadyAndNotIsNotReady() {
        ObjectNode endpoints = Json.parse("""
            {"subsets": [{"addresses": [{"ip": "192.0.2.7", "nodeName": "n1"}, {"ip": "not an address"}],
                          "notReadyAddresses": [{"ip": "2001:db8::7"}, {"ip": "192.0.2.7", "nodeName": "n1"}],
                          "ports": [{"name": "pg", "port": 5432, "protocol": "TCP"}]}]}""");
        var mirrored = Mirrored.of(endpoints).groups();
        assertThat(mirrored.keySet()).extracting(Group::family).containsExactly(IpFamily.IPV4, IpFamily.IPV6);
        assertThat(mirrored.values().stream()
                        .flatMap(group -> group.values().stream())
                        .map(Json::toText))
                .containsExactly(
                        "{\"addresses\":[\"192.0.2.7\"],\"conditions\":{\"ready\":false},\"nodeName\":\"n1\"}",
                        "{\"addresses\":[\"2001:db8::7\"],\"conditions\":{\"ready\":false}}");
    }

    private static ObjectNode patched(ObjectNode object, String change) {
        return MergePatch.apply(object, Json.parse(Objects.requireNonNull(change)));
    }

    private static List<Write> decide(ObjectNode endpoints, ObjectNode service) {
        FixedSnapshot snapshot = new FixedSnapshot()
                .with(Resource.SERVICES, List.of(service))
                .with(Resource.ENDPOINTS, List.of(endpoints));
        return new MirroringController().decide(snapshot, DB, Instant.EPOCH).writes();
    }
}
