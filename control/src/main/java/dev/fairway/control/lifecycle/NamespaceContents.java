package dev.fairway.control.lifecycle;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// What is left in a namespace.
///
/// @param failures what could not be listed, and why
record NamespaceContents(List<Found> found, List<String> failures) {

    record Found(Resource resource, ObjectNode object) {}

    NamespaceContents {
        found = List.copyOf(found);
        failures = List.copyOf(failures);
    }

    boolean isEmpty() {
        return found.isEmpty() && failures.isEmpty();
    }

    NamespaceContents and(NamespaceContents more) {
        List<Found> all = new ArrayList<>(found);
        all.addAll(more.found);
        List<String> why = new ArrayList<>(failures);
        why.addAll(more.failures);
        return new NamespaceContents(all, why);
    }

    /// `pods. has 2 resource instances, services. has 1 resource instances`; empty when nothing is left.
    String counted() {
        Map<String, Long> counts = found.stream()
                .collect(Collectors.groupingBy(
                        it -> it.resource().plural() + "." + it.resource().group(),
                        TreeMap::new,
                        Collectors.counting()));
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + " has " + entry.getValue() + " resource instances")
                .collect(Collectors.joining(", "));
    }

    /// `example.com/wait in 2 resource instances`; empty when no finalizer keeps anything.
    String finalizers() {
        Map<String, Long> counts = found.stream()
                .flatMap(it -> Tree.texts(it.object(), "metadata", "finalizers").stream())
                .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
                .map(entry -> entry.getKey() + " in " + entry.getValue() + " resource instances")
                .collect(Collectors.joining(", "));
    }

    List<Found> notYetDeleted() {
        return found.stream().filter(it -> !Meta.isBeingDeleted(it.object())).toList();
    }
}
