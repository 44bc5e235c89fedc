package dev.fairway.control.endpoints;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A Service port with the number that a pod resolves it to.
///
/// @param appProtocol empty when not set
record SlicePort(String name, String protocol, int port, String appProtocol) implements Comparable<SlicePort> {

    private static final Comparator<SlicePort> ORDER = Comparator.comparing(SlicePort::name)
            .thenComparing(SlicePort::protocol)
            .thenComparingInt(SlicePort::port)
            .thenComparing(SlicePort::appProtocol);

    @Override
    public int compareTo(SlicePort other) {
        return ORDER.compare(this, other);
    }

    static SlicePort parse(JsonNode port) {
        String protocol = Tree.text(port, "protocol");
        return new SlicePort(
                Tree.text(port, "name"),
                protocol.isEmpty() ? "TCP" : protocol,
                (int) Tree.number(port, 0, "port"),
                Tree.text(port, "appProtocol"));
    }

    /// The ports of an EndpointSlice in their canonical order.
    static List<SlicePort> ofSlice(JsonNode slice) {
        return Tree.objects(slice, "ports").stream()
                .map(SlicePort::parse)
                .sorted()
                .toList();
    }

    ObjectNode toJson() {
        ObjectNode out = Json.object().put("name", name).put("port", port).put("protocol", protocol);
        if (!appProtocol.isEmpty()) {
            out.put("appProtocol", appProtocol);
        }
        return out;
    }
}
