package dev.fairway.picture.explain;

import dev.fairway.schema.Json;
import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// A selector that no pod in the namespace has: which pods may have been meant.
record SelectorCheck(ObjectKey service, Map<String, String> selector, Map<String, List<ObjectNode>> podsByNamespace) {

    /// Set by controllers and different for each generation of pods: nobody means them.
    static final Set<String> GENERATED = Set.of(
            "pod-template-hash",
            "controller-revision-hash",
            "statefulset.kubernetes.io/pod-name",
            "apps.kubernetes.io/pod-index");

    Finding finding() {
        List<ObjectNode> pods = podsByNamespace.getOrDefault(service.namespace(), List.of());
        List<String> evidence = new ArrayList<>();
        evidence.add("spec.selector: " + text(selector));
        evidence.add("pods in \"" + service.namespace() + "\": " + pods.size());
        Optional<String> elsewhere = namespaceWithSuchPods();
        if (elsewhere.isPresent()) {
            evidence.add("pods with these labels are in namespace \"" + elsewhere.get() + "\"");
        }
        Optional<SortedMap<String, String>> meant = closest(pods);
        String fix = "kubectl get pods -A -l " + text(selector);
        if (elsewhere.isEmpty() && meant.isPresent()) {
            evidence.add("closest labels of a pod: " + text(meant.get()));
            fix = patch(meant.get());
        }
        String sentence = "no pod in \"" + service.namespace() + "\" has the labels " + text(selector)
                + ", so nothing stands behind the Service";
        return new Finding(Code.SELECTOR_MATCHES_NO_POD, service, sentence, evidence, fix);
    }

    private static String text(Map<String, String> labels) {
        return LabelSelector.ofMap(labels).toText();
    }

    private Optional<String> namespaceWithSuchPods() {
        LabelSelector chosen = LabelSelector.ofMap(selector);
        return podsByNamespace.entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(chosen::matchesObject))
                .map(Map.Entry::getKey)
                .min(Comparator.naturalOrder());
    }

    /// For each part of the selector the label that is most like it, of the pod whose labels are most like all of it.
    private Optional<SortedMap<String, String>> closest(List<ObjectNode> pods) {
        Set<SortedMap<String, String>> candidates = new HashSet<>();
        for (ObjectNode pod : pods) {
            SortedMap<String, String> labels = Meta.labels(pod);
            labels.keySet().removeAll(GENERATED);
            Optional<SortedMap<String, String>> near = near(labels);
            near.ifPresent(candidates::add);
        }
        return candidates.stream().min(Comparator.comparingInt(this::distance).thenComparing(SelectorCheck::text));
    }

    private Optional<SortedMap<String, String>> near(SortedMap<String, String> labels) {
        List<String> pairs = labels.entrySet().stream().map(SelectorCheck::pair).toList();
        SortedMap<String, String> out = new TreeMap<>();
        for (Map.Entry<String, String> part : selector.entrySet()) {
            Optional<String> pair = Nearest.of(pair(part), pairs);
            if (pair.isEmpty()) {
                return Optional.empty();
            }
            int equals = pair.get().indexOf('=');
            out.put(pair.get().substring(0, equals), pair.get().substring(equals + 1));
        }
        return Optional.of(out);
    }

    private int distance(SortedMap<String, String> labels) {
        return Nearest.edits(text(selector), text(labels));
    }

    private static String pair(Map.Entry<String, String> label) {
        return label.getKey() + "=" + label.getValue();
    }

    private String patch(SortedMap<String, String> meant) {
        ObjectNode patch = Json.object();
        ObjectNode labels = Tree.makeObject(patch, "spec", "selector");
        selector.keySet().stream().filter(key -> !meant.containsKey(key)).forEach(labels::putNull);
        meant.forEach(labels::put);
        return "kubectl patch service " + service.name() + " -n " + service.namespace() + " --type=merge -p '"
                + Json.toText(patch) + "'";
    }
}
