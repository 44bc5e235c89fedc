package dev.fairway.control.object;

import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Which nodes a pod asks for: `nodeSelector` and the required terms of its node affinity.
public final class NodeAffinity {

    private static final String NAME = "metadata.name";
    private static final String[] TERMS = {
        "spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"
    };

    private NodeAffinity() {}

    public static boolean admits(JsonNode pod, JsonNode node) {
        Map<String, String> labels = Meta.labels(node);
        Map<String, String> selector = Tree.textMap(pod, "spec", "nodeSelector");
        List<ObjectNode> terms = Tree.objects(pod, TERMS);
        return labels.entrySet().containsAll(selector.entrySet())
                && (terms.isEmpty() || terms.stream().anyMatch(term -> admits(term, labels, Meta.name(node))));
    }

    /// All conditions of a term must hold; a term without any admits nobody.
    private static boolean admits(ObjectNode term, Map<String, String> labels, String name) {
        List<ObjectNode> expressions = Tree.objects(term, "matchExpressions");
        List<ObjectNode> fields = Tree.objects(term, "matchFields");
        return !(expressions.isEmpty() && fields.isEmpty())
                && expressions.stream().allMatch(condition -> holds(condition, labels))
                && fields.stream().allMatch(condition -> holds(condition, Map.of(NAME, name)));
    }

    private static boolean holds(JsonNode condition, Map<String, String> facts) {
        Optional<String> value = Optional.ofNullable(facts.get(Tree.text(condition, "key")));
        List<String> values = Tree.texts(condition, "values");
        return switch (Tree.text(condition, "operator")) {
            case "In" -> value.filter(values::contains).isPresent();
            case "NotIn" -> value.filter(values::contains).isEmpty();
            case "Exists" -> value.isPresent();
            case "DoesNotExist" -> value.isEmpty();
            case "Gt" -> compare(value, values) > 0;
            case "Lt" -> compare(value, values) < 0;
            default -> false;
        };
    }

    /// 0, which satisfies neither order, when one of the two is no number.
    private static int compare(Optional<String> value, List<String> values) {
        try {
            return value.isEmpty() || values.isEmpty()
                    ? 0
                    : Long.compare(Long.parseLong(value.get()), Long.parseLong(values.getFirst()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /// Ties a pod to one node by its name, in place of other required terms. Edits `pod`.
    public static void pinTo(ObjectNode pod, String node) {
        ObjectNode required = Tree.makeObject(
                pod, "spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
        ObjectNode field = Json.object().put("key", NAME).put("operator", "In");
        field.putArray("values").add(node);
        required.putArray("nodeSelectorTerms")
                .addObject()
                .putArray("matchFields")
                .add(field);
    }

    /// The node that the pod runs on or is tied to; empty when there is none.
    public static String nodeOf(JsonNode pod) {
        return Pods.nodeName(pod).isEmpty()
                ? Tree.objects(pod, TERMS).stream()
                        .flatMap(term -> Tree.objects(term, "matchFields").stream())
                        .filter(condition -> Tree.text(condition, "key").equals(NAME))
                        .flatMap(condition -> Tree.texts(condition, "values").stream())
                        .findFirst()
                        .orElse("")
                : Pods.nodeName(pod);
    }
}
