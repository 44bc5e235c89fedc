package dev.fairway.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Chooses objects by their labels: a conjunction of requirements.
///
/// Made from the text form of `labelSelector=` parameters, from a `LabelSelector` object (`matchLabels` and
/// `matchExpressions`), or from a plain map such as a Service's `spec.selector`.
///
/// @param requirements all of them must hold; none means that everything matches
public record LabelSelector(List<Requirement> requirements) {

    public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

    /// What an absent `LabelSelector` object means.
    public static final LabelSelector NOTHING = new LabelSelector(List.of(new Requirement("", Operator.IN, List.of())));

    /// How a requirement compares.
    public enum Operator {
        EQUALS,
        NOT_EQUALS,
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST,
        GREATER_THAN,
        LESS_THAN
    }

    /// One condition on one label. `NOT_EQUALS` and `NOT_IN` also hold for objects that lack the label.
    public record Requirement(String key, Operator operator, List<String> values) {

        public Requirement {
            values = List.copyOf(values);
        }

        public boolean matches(Map<String, String> labels) {
            return holds(labels.containsKey(key), labels.getOrDefault(key, ""));
        }

        private boolean holds(boolean present, String value) {
            return switch (operator) {
                case EQUALS, IN -> present && values.contains(value);
                case NOT_EQUALS, NOT_IN -> !present || !values.contains(value);
                case EXISTS -> present;
                case DOES_NOT_EXIST -> !present;
                case GREATER_THAN -> present && compare(value) > 0;
                case LESS_THAN -> present && compare(value) < 0;
            };
        }

        /// 0, which satisfies neither order, when the label's value is no number.
        private int compare(String value) {
            try {
                return Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
            } catch (NumberFormatException e) {
                return 0;
            }
        }

        String toText() {
            String list = values.stream().sorted().collect(Collectors.joining(","));
            return switch (operator) {
                case EQUALS -> key + "=" + list;
                case NOT_EQUALS -> key + "!=" + list;
                case IN -> key + " in (" + list + ")";
                case NOT_IN -> key + " notin (" + list + ")";
                case EXISTS -> key;
                case DOES_NOT_EXIST -> "!" + key;
                case GREATER_THAN -> key + ">" + list;
                case LESS_THAN -> key + "<" + list;
            };
        }
    }

    public LabelSelector {
        requirements = List.copyOf(requirements);
    }

    /// Reads the text form, such as `app=web,tier in (a, b),!canary`. Empty text chooses everything.
    ///
    /// @throws IllegalArgumentException saying what is wrong and where
    public static LabelSelector parse(String text) {
        return LabelSelectorText.parse(text);
    }

    /// A map of labels that must all be present with these values; an empty map chooses everything.
    public static LabelSelector ofMap(Map<String, String> labels) {
        return new LabelSelector(new TreeMap<>(labels)
                .entrySet().stream()
                        .map(e -> new Requirement(e.getKey(), Operator.EQUALS, List.of(e.getValue())))
                        .toList());
    }

    /// Reads a `LabelSelector` object; an absent one chooses nothing, an empty one everything.
    ///
    /// @throws IllegalArgumentException naming the field that is wrong
    public static LabelSelector ofObject(JsonNode selector) {
        if (!selector.isObject()) {
            return NOTHING;
        }
        List<Requirement> out =
                new ArrayList<>(ofMap(Tree.textMap(selector, "matchLabels")).requirements());
        int index = 0;
        for (JsonNode expression : Tree.at(selector, "matchExpressions")) {
            out.add(requirement("matchExpressions[" + index++ + "]", expression));
        }
        return new LabelSelector(out);
    }

    private static Requirement requirement(String path, JsonNode expression) {
        String key = Tree.text(expression, "key");
        List<String> values = Tree.texts(expression, "values");
        String name = Tree.text(expression, "operator");
        Operator operator = switch (name) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            default ->
                throw new IllegalArgumentException(path + ".operator: \"" + name
                        + "\" is not a valid label selector operator, use In, NotIn, Exists or DoesNotExist");
        };
        boolean needsValues = operator == Operator.IN || operator == Operator.NOT_IN;
        if (needsValues == values.isEmpty()) {
            throw new IllegalArgumentException(
                    path + ".values: must " + (needsValues ? "not " : "") + "be empty for operator " + name);
        }
        LabelSyntax.checkKey(key);
        values.forEach(value -> LabelSyntax.checkValue(key, value));
        return new Requirement(key, operator, values);
    }

    /// Whether it chooses this object, without a copy of its labels.
    public boolean matchesObject(JsonNode object) {
        JsonNode labels = Tree.at(object, "metadata", "labels");
        for (Requirement requirement : requirements) {
            if (!requirement.holds(Tree.has(labels, requirement.key), Tree.text(labels, requirement.key))) {
                return false;
            }
        }
        return true;
    }

    public boolean matches(Map<String, String> labels) {
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    public boolean isEverything() {
        return requirements.isEmpty();
    }

    /// The text form that `parse` reads; values in order.
    public String toText() {
        return requirements.stream().map(Requirement::toText).collect(Collectors.joining(","));
    }
}
