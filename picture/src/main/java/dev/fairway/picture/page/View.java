package dev.fairway.picture.page;

import dev.fairway.picture.Choice;
import dev.fairway.picture.ClusterObjects;
import dev.fairway.picture.Scene;
import dev.fairway.picture.SceneReader;
import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// What somebody wants to see; a page's URL says it.
///
/// @param namespace empty for all
/// @param labels of the Services
/// @param search part of a Service's name, type or address; empty for all
public record View(String namespace, LabelSelector labels, String search) {

    /// @param query the fields of a URL: `ns`, `labels`, `q`
    /// @throws IllegalArgumentException when `labels` is no label selector
    public static View of(Map<String, String> query) {
        return new View(
                query.getOrDefault("ns", ""),
                LabelSelector.parse(query.getOrDefault("labels", "")),
                query.getOrDefault("q", "").strip().toLowerCase(Locale.ROOT));
    }

    public Scene scene(ClusterObjects objects) {
        ClusterObjects shown = new ClusterObjects(
                objects.nodes(),
                objects.pods(),
                objects.services().stream().filter(this::includes).toList(),
                objects.slices());
        return SceneReader.read(shown, new Choice(namespace, ""));
    }

    private boolean includes(ObjectNode service) {
        return labels.matches(Meta.labels(service))
                && (search.isEmpty() || words(service).anyMatch(this::isFound));
    }

    private boolean isFound(String word) {
        return word.toLowerCase(Locale.ROOT).contains(search);
    }

    private static Stream<String> words(ObjectNode service) {
        return Stream.concat(
                Stream.of(
                        Meta.name(service),
                        Tree.text(service, "spec", "type"),
                        Tree.text(service, "spec", "clusterIP"),
                        Tree.text(service, "spec", "externalName")),
                Tree.objects(service, "status", "loadBalancer", "ingress").stream()
                        .map(entry -> Tree.text(entry, "ip")));
    }
}
