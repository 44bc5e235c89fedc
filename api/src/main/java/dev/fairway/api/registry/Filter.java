package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.FieldSelector;
import dev.fairway.schema.Json;
import dev.fairway.schema.LabelSelector;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Which objects of a collection a list or watch is about.
///
/// @param namespace empty for all
record Filter(Kind kind, String namespace, LabelSelector labels, FieldSelector fields) {

    static final String NAME = "metadata.name";

    /// Reads the selectors of a request.
    ///
    /// @throws dev.fairway.schema.ApiException when a selector cannot be read or names a field that is not offered
    static Filter parse(Kind kind, String namespace, String labels, String fields) {
        LabelSelector byLabel = parseLabels(labels);
        FieldSelector byField = parseFields(fields);
        for (FieldSelector.Term term : byField.terms()) {
            if (kind.field(Json.object(), term.field()).isEmpty()) {
                throw Refusal.badRequest(notOffered(kind, term.field()));
            }
        }
        return new Filter(kind, namespace, byLabel, byField);
    }

    private static String notOffered(Kind kind, String field) {
        return kind.fields().isEmpty()
                ? "\"" + field + "\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                : "field label not supported: " + field;
    }

    private static LabelSelector parseLabels(String text) {
        try {
            return LabelSelector.parse(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static FieldSelector parseFields(String text) {
        try {
            return FieldSelector.parse(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest(String.valueOf(e.getMessage()));
        }
    }

    boolean isSelective() {
        return !labels.isEverything() || !fields.terms().isEmpty();
    }

    /// The only name that can match, if there is one.
    Optional<String> name() {
        return fields.terms().stream()
                .filter(term -> term.equal() && term.field().equals(NAME))
                .map(FieldSelector.Term::value)
                .findFirst();
    }

    /// Whether the selectors choose the object; the namespace is not looked at.
    boolean matches(ObjectNode object) {
        return matchesFields(object) && labels.matchesObject(object);
    }

    private boolean matchesFields(ObjectNode object) {
        for (FieldSelector.Term term : fields.terms()) {
            boolean same = kind.field(object, term.field()).orElse("").equals(term.value());
            if (same != term.equal()) {
                return false;
            }
        }
        return true;
    }
}
