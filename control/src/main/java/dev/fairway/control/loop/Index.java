package dev.fairway.control.loop;

import dev.fairway.schema.Resource;
import java.util.Collection;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// A second way to find objects of a collection, so that a decision never walks through all of them.
///
/// @param keys the keys under which an object is filed; keys must carry the namespace where it matters
public record Index(Resource resource, String name, Function<ObjectNode, Collection<String>> keys) {}
