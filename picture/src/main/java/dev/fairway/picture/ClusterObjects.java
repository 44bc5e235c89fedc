package dev.fairway.picture;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The API objects that a picture is made of, as they were listed.
///
/// @param slices EndpointSlices
public record ClusterObjects(
        List<ObjectNode> nodes, List<ObjectNode> pods, List<ObjectNode> services, List<ObjectNode> slices) {

    public ClusterObjects {
        nodes = List.copyOf(nodes);
        pods = List.copyOf(pods);
        services = List.copyOf(services);
        slices = List.copyOf(slices);
    }
}
