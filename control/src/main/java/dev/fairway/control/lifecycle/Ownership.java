package dev.fairway.control.lifecycle;

import dev.fairway.control.object.Owners;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an object's owners are up to.
///
/// @param solid owners that live, or whose kind nobody here knows
/// @param waiting owners being deleted in the foreground: they wait for their dependents
/// @param absent owners that are gone
record Ownership(List<ObjectNode> solid, List<ObjectNode> waiting, List<ObjectNode> absent) {

    static final String FOREGROUND = "foregroundDeletion";

    /// Where an owner is looked for.
    sealed interface Found {
        /// Its kind or scope cannot be resolved: never a reason to delete anything.
        record Unknown() implements Found {}

        /// What stands at the owner's place, whoever it is.
        record Place(Optional<ObjectNode> object) implements Found {}
    }

    static Ownership of(JsonNode object, Function<ObjectNode, Found> look) {
        Ownership out = new Ownership(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (ObjectNode reference : Owners.references(object)) {
            out.listFor(reference, look.apply(reference)).add(reference);
        }
        return out;
    }

    private List<ObjectNode> listFor(ObjectNode reference, Found found) {
        return switch (found) {
            case Found.Unknown() -> solid;
            case Found.Place(Optional<ObjectNode> place) -> {
                Optional<ObjectNode> owner = place.filter(it -> Meta.uid(it).equals(Tree.text(reference, "uid")));
                yield owner.isEmpty() ? absent : owner.filter(Ownership::waits).isPresent() ? waiting : solid;
            }
        };
    }

    /// Being deleted in the foreground.
    static boolean waits(JsonNode object) {
        return Meta.isBeingDeleted(object)
                && Tree.texts(object, "metadata", "finalizers").contains(FOREGROUND);
    }

    boolean isUndisturbed() {
        return waiting.isEmpty() && absent.isEmpty();
    }
}
