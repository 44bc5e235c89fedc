package dev.fairway.control.loop;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A snapshot of objects that a test writes down.
public final class FixedSnapshot implements Snapshot {

    private final Map<Resource, List<ObjectNode>> objects = new HashMap<>();

    public FixedSnapshot with(Resource resource, Collection<ObjectNode> added) {
        objects.computeIfAbsent(resource, _ -> new ArrayList<>()).addAll(added);
        return this;
    }

    @Override
    public Optional<ObjectNode> get(Resource resource, String namespace, String name) {
        return list(resource, namespace).stream()
                .filter(object -> Meta.name(object).equals(name))
                .findFirst();
    }

    @Override
    public Collection<ObjectNode> list(Resource resource, String namespace) {
        return objects.getOrDefault(resource, List.of()).stream()
                .filter(object -> namespace.isEmpty() || Meta.namespace(object).equals(namespace))
                .sorted(Comparator.comparing(Meta::key))
                .toList();
    }

    @Override
    public Collection<ObjectNode> find(Index index, String key) {
        return list(index.resource(), "").stream()
                .filter(object -> index.keys().apply(object).contains(key))
                .toList();
    }
}
