package dev.fairway.api.kind;

import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks a `LabelSelector` (apimachinery `pkg/apis/meta/v1/validation`).
final class SelectorValidation {

    private SelectorValidation() {}

    /// Adds what is wrong with the selector; true when nothing is.
    static boolean selector(Causes causes, String field, JsonNode selector) {
        int before = causes.list().size();
        MetaValidation.labels(causes, field + ".matchLabels", Tree.textMap(selector, "matchLabels"));
        List<ObjectNode> expressions = Tree.objects(selector, "matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            expression(causes, field + ".matchExpressions[" + i + "]", expressions.get(i));
        }
        return causes.list().size() == before;
    }

    private static void expression(Causes causes, String field, ObjectNode expression) {
        List<String> values = Tree.texts(expression, "values");
        String operator = Tree.text(expression, "operator");
        switch (operator) {
            case "In", "NotIn" -> {
                if (values.isEmpty()) {
                    causes.required(field + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (!values.isEmpty()) {
                    causes.forbidden(
                            field + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            default -> causes.invalid(field + ".operator", operator, "not a valid selector operator");
        }
        String key = Tree.text(expression, "key");
        causes.invalidEach(field + ".key", key, Names.qualified(key));
        for (int i = 0; i < values.size(); i++) {
            causes.invalidEach(field + ".values[" + i + "]", values.get(i), Names.labelValue(values.get(i)));
        }
    }
}
