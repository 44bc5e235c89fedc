package dev.fairway.picture;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The API objects that a picture is made of, as they were listed.
///
/// @param slices EndpointSlices
/// @param policies NetworkPolicies, which are not drawn
public record ClusterObjects(
        List<ObjectNode> nodes,
        List<ObjectNode> pods,
        List<ObjectNode> services,
        List<ObjectNode> slices,
        List<ObjectNode> policies) {

    public ClusterObjects {
        nodes = List.copyOf(nodes);
        pods = List.copyOf(pods);
        services = List.copyOf(services);
        slices = List.copyOf(slices);
        policies = List.copyOf(policies);
    }

    /// Without NetworkPolicies.
    public ClusterObjects(
            List<ObjectNode> nodes, List<ObjectNode> pods, List<ObjectNode> services, List<ObjectNode> slices) {
        this(nodes, pods, services, slices, List.of());
    }

    public ClusterObjects withPolicies(List<ObjectNode> found) {
        return new ClusterObjects(nodes, pods, services, slices, found);
    }
}
