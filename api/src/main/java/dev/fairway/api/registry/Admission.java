package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.api.kind.WriteScope;
import dev.fairway.api.security.User;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Judges a write by who makes it and by what stands elsewhere. It runs within the attempt, so what it reads is what
/// the
/// commit will meet; it runs after defaults and before the kind's own validation.
@FunctionalInterface
public interface Admission {

    /// Lets everything pass.
    Admission NONE = write -> {};

    /// May edit the new object of a creation; refuses by an {@link dev.fairway.schema.ApiException}.
    void admit(Write write);

    /// @param old what stands; empty for a creation
    /// @param now what is asked for; empty for a deletion
    record Write(
            User user,
            Kind kind,
            Section section,
            Optional<ObjectNode> old,
            Optional<ObjectNode> now,
            WriteScope scope) {

        public boolean isCreate() {
            return old.isEmpty();
        }

        public boolean isDelete() {
            return now.isEmpty();
        }

        /// The new object, or the one that goes.
        public ObjectNode object() {
            return now.or(() -> old).orElseThrow();
        }
    }
}
