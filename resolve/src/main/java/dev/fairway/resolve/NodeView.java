package dev.fairway.resolve;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import tools.jackson.databind.JsonNode;

/// The node from which the table is seen.
///
/// @param zone the node's label `topology.kubernetes.io/zone`, or empty: then zone hints are not used
public record NodeView(String name, String zone) {

    public static NodeView of(JsonNode node) {
        return new NodeView(Meta.name(node), Tree.text(node, "metadata", "labels", "topology.kubernetes.io/zone"));
    }
}
