package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.FieldSelector;
import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.LabelSelector.Operator;
import dev.fairway.schema.Tree;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// One property of objects by whose value watchers are found, so that a change is offered to those who may want it and
/// not to all: to the watcher of the pods of this node, say, and not to the thousand watchers of other nodes.
///
/// @param name of the field or label; empty where the source says it all
record Facet(Source source, String name) {

    enum Source {
        EVERYTHING,
        NAMESPACE,
        OBJECT_NAME,
        FIELD,
        LABEL
    }

    /// A facet and the value that a watcher wants of it.
    record Wish(Facet facet, String value) {}

    /// The narrowest wish that a filter implies.
    static Wish of(Filter filter) {
        return byName(filter)
                .or(() -> byField(filter))
                .or(() -> byLabel(filter))
                .orElseGet(() -> byPlace(filter));
    }

    private static Optional<Wish> byName(Filter filter) {
        return filter.name().map(name -> new Wish(new Facet(Source.OBJECT_NAME, ""), name));
    }

    private static Optional<Wish> byField(Filter filter) {
        return filter.fields().terms().stream()
                .filter(FieldSelector.Term::equal)
                .findFirst()
                .map(term -> new Wish(new Facet(Source.FIELD, term.field()), term.value()));
    }

    private static Optional<Wish> byLabel(Filter filter) {
        return filter.labels().requirements().stream()
                .filter(Facet::isOneValue)
                .findFirst()
                .map(one -> new Wish(
                        new Facet(Source.LABEL, one.key()), one.values().getFirst()));
    }

    private static boolean isOneValue(LabelSelector.Requirement requirement) {
        boolean positive = requirement.operator() == Operator.EQUALS || requirement.operator() == Operator.IN;
        return positive && requirement.values().size() == 1;
    }

    private static Wish byPlace(Filter filter) {
        return filter.namespace().isEmpty()
                ? new Wish(new Facet(Source.EVERYTHING, ""), "")
                : new Wish(new Facet(Source.NAMESPACE, ""), filter.namespace());
    }

    /// The value in a stored object whose content is not needed; empty when it is.
    Optional<String> value(String key) {
        return switch (source) {
            case EVERYTHING -> Optional.of("");
            case NAMESPACE -> Optional.of(Keys.objectKey(key).namespace());
            case OBJECT_NAME -> Optional.of(Keys.objectKey(key).name());
            case FIELD, LABEL -> Optional.empty();
        };
    }

    /// The value in an object.
    String value(Kind kind, ObjectNode object) {
        return switch (source) {
            case EVERYTHING, NAMESPACE, OBJECT_NAME -> throw new IllegalStateException(source + " needs no object");
            case FIELD -> kind.field(object, name).orElse("");
            case LABEL -> Tree.text(object, "metadata", "labels", name);
        };
    }
}
