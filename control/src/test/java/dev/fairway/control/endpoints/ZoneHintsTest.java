package dev.fairway.control.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpFamily;
import dev.fairway.control.endpoints.WantedEndpoints.Group;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// Nodes as `zone=cpu` (`!` not ready, `*` control plane), ready endpoints and hints as `zone:count`.
class ZoneHintsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
        what                                | nodes            | endpoints     | hints           | why
        an even spread stays                | a=2 b=2          | a:3 b:3       | a:3 b:3         |
        the poorer zone gets its share      | a=2 b=2          | a:4 b:2       | a:3 b:3         |
        all endpoints in one zone           | a=2 b=2 c=2      | a:6           | a:2 b:2 c:2     |
        by CPU, not by zone                 | a=3 b=1          | a:4 b:4       | a:6 b:2         |
        a small imbalance is borne          | a=2 b=2          | a:6 b:5       | a:6 b:5         |
        millicores count                    | a=1500m b=500m   | a:4 b:4       | a:6 b:2         |
        one zone                            | a=2 a=2          | a:3           |                 | Nodes only ready in one zone
        too few endpoints                   | a=2 b=2 c=2      | a:1 b:1       |                 | Insufficient number of endpoints (2 endpoints, 3 zones)
        a tiny zone would be overloaded     | a=1 b=1 c=1      | a:4           |                 | Minimum allocation of required endpoints exceeds overload threshold
        a node without CPU                  | a=2 b=0          | a:3 b:3       |                 | Insufficient Node information: allocatable CPU or zone not specified on one or more nodes
        a node without zone                 | a=2 -=2          | a:3           |                 | Insufficient Node information: allocatable CPU or zone not specified on one or more nodes
        nodes that are not ready            | a=2 b=2 c=0!     | a:3 b:3       | a:3 b:3         |
        control planes take no traffic      | a=2 b=2 c=9*     | a:3 b:3       | a:3 b:3         |
        an endpoint without zone            | a=2 b=2          | a:3 -:1       |                 | One or more endpoints do not have a zone specified
        """)
    void zonesGetTheirShare(String what, String nodes, String endpoints, String hints, String why) {
        Map<String, ObjectNode> wanted = endpoints(endpoints);
        Optional<String> problem = ZoneHints.put(wanted(wanted), IpFamily.IPV4, nodes(nodes));
        assertThat(problem).as(what).isEqualTo(Optional.ofNullable(why));
        assertThat(counted(wanted)).as(what).isEqualTo(hints == null ? "" : hints);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Auto", "auto", "Disabled", "AUTO", ""})
    void onlyTheWordAutoAsks(String mode) {
        ObjectNode service = Json.object();
        Tree.makeObject(service, "metadata", "annotations").put("service.kubernetes.io/topology-mode", mode);
        assertThat(ZoneHints.areAskedFor(service))
                .isEqualTo(List.of("Auto", "auto").contains(mode));
    }

    private static WantedEndpoints wanted(Map<String, ObjectNode> endpoints) {
        return new WantedEndpoints(Map.of(new Group(IpFamily.IPV4, List.of()), endpoints), Map.of(), true);
    }

    private static Map<String, ObjectNode> endpoints(String text) {
        Map<String, ObjectNode> out = new LinkedHashMap<>();
        for (String word : text.split(" +")) {
            String[] parts = word.split(":");
            for (int number = 0; number < Integer.parseInt(parts[1]); number++) {
                ObjectNode endpoint = Json.object();
                endpoint.putObject("conditions").put("ready", true);
                if (!parts[0].equals("-")) {
                    endpoint.put("zone", parts[0]);
                }
                out.put(parts[0] + number, endpoint);
            }
        }
        ObjectNode unready = Json.object().put("zone", "a");
        unready.putObject("conditions").put("ready", false);
        out.put("unready", unready);
        return out;
    }

    private static List<ObjectNode> nodes(String text) {
        List<ObjectNode> out = new ArrayList<>();
        for (String word : text.split(" +")) {
            String[] parts = word.replaceAll("[!*]", "").split("=");
            ObjectNode node = Json.parse("""
                {"metadata": {"name": "n%d"},
                 "status": {"allocatable": {"cpu": "%s"}, "conditions": [{"type": "Ready", "status": "%s"}]}}
                """.formatted(out.size(), parts[1], word.endsWith("!") ? "False" : "True"));
            ObjectNode labels = Tree.makeObject(node, "metadata", "labels");
            if (!parts[0].equals("-")) {
                labels.put("topology.kubernetes.io/zone", parts[0]);
            }
            if (word.endsWith("*")) {
                labels.put("node-role.kubernetes.io/control-plane", "");
            }
            out.add(node);
        }
        return out;
    }

    private static String counted(Map<String, ObjectNode> endpoints) {
        Map<String, Integer> counts = new TreeMap<>();
        endpoints.values().stream()
                .flatMap(endpoint -> Tree.objects(endpoint, "hints", "forZones").stream())
                .forEach(zone -> counts.merge(Tree.text(zone, "name"), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(" "));
    }
}
