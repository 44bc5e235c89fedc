package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The outcome of a write.
///
/// @param stored the object as it stands now; after a deletion the last state
/// @param warnings sentences for the client's user
public record Written(Stored stored, Outcome outcome, List<String> warnings) {

    public enum Outcome {
        CREATED,
        UPDATED,
        /// Marked for deletion: finalizers or a grace period keep it.
        MARKED,
        GONE
    }

    public Written {
        warnings = List.copyOf(warnings);
    }

    Written(ObjectNode object, Outcome outcome, List<String> warnings) {
        this(Stored.of(object), outcome, warnings);
    }

    /// Shared: not to be edited.
    public ObjectNode object() {
        return stored.tree();
    }

    /// Its object in the form of a kind that shows it.
    Written shownAs(Kind kind) {
        return new Written(stored.shownAs(kind), outcome, warnings);
    }
}
