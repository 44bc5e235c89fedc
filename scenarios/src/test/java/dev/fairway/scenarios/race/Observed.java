package dev.fairway.scenarios.race;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads what an object of a watch or a list says about addresses and ports.
final class Observed {

    private Observed() {}

    static Seen event(String collection, Seen.Type type, ObjectNode object) {
        boolean service = collection.equals(Seen.SERVICES);
        String own = service ? "services/" + Meta.namespace(object) + "/" + Meta.name(object) : "";
        String key = service ? own : collection + "/" + Meta.name(object);
        long revision = Long.parseLong(Meta.resourceVersion(object));
        return new Seen(
                type,
                key,
                service ? own : parent(object),
                revision,
                Meta.uid(object),
                service ? held(object) : Set.of("ip/" + Meta.name(object)));
    }

    private static String parent(JsonNode address) {
        JsonNode parent = Tree.at(address, "spec", "parentRef");
        return Tree.text(parent, "resource") + "/" + Tree.text(parent, "namespace") + "/" + Tree.text(parent, "name");
    }

    private static Set<String> held(ObjectNode service) {
        Set<String> out = new LinkedHashSet<>();
        Tree.texts(service, "spec", "clusterIPs").stream()
                .filter(ip -> !ip.equals("None"))
                .forEach(ip -> out.add("ip/" + ip));
        for (ObjectNode port : Tree.objects(service, "spec", "ports")) {
            port(out, Tree.number(port, 0, "nodePort"));
        }
        port(out, Tree.number(service, 0, "spec", "healthCheckNodePort"));
        return out;
    }

    private static void port(Set<String> out, long number) {
        if (number != 0) {
            out.add("port/" + number);
        }
    }
}
