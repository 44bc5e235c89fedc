package dev.fairway.control.endpoints;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One address of an Endpoints object as an endpoint of a slice.
record MirroredAddress(IpFamily family, ObjectNode endpoint) {

    /// Empty when the text is no address.
    static Optional<MirroredAddress> parse(JsonNode address, boolean ready) {
        return IpAddress.tryParse(Tree.text(address, "ip"))
                .map(ip -> new MirroredAddress(ip.family(), endpoint(address, ip, ready)));
    }

    private static ObjectNode endpoint(JsonNode address, IpAddress ip, boolean ready) {
        ObjectNode out = Json.object();
        out.putArray("addresses").add(ip.toString());
        out.putObject("conditions").put("ready", ready);
        for (String field : new String[] {"hostname", "nodeName", "targetRef"}) {
            JsonNode value = Tree.at(address, field);
            if (!value.isMissingNode()) {
                out.set(field, value.deepCopy());
            }
        }
        return out;
    }
}
