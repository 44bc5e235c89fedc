package dev.fairway.resolve;

import dev.fairway.schema.ObjectKey;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// The API objects that decide what Services mean, as last seen. The maps are read, never changed.
///
/// @param slices EndpointSlices
/// @param namespaces keyed by name, with an empty namespace
public record ClusterView(
        Map<ObjectKey, ObjectNode> services, Map<ObjectKey, Slice> slices, Map<ObjectKey, ObjectNode> namespaces) {}
