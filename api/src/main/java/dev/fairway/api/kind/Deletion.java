package dev.fairway.api.kind;

import dev.fairway.schema.Tree;
import tools.jackson.databind.node.ObjectNode;

/// How a kind goes away, beside the finalizers that every kind has.
public interface Deletion {

    /// Objects vanish with the request.
    Deletion AT_ONCE = new Deletion() {};

    /// A pod stays, marked, until its node has stopped it and deletes it with grace 0. A pod that runs nowhere goes at
    /// once.
    Deletion POD = new Deletion() {
        @Override
        public long graceSeconds(ObjectNode pod, long asked) {
            String phase = Tree.text(pod, "status", "phase");
            if (!Tree.has(pod, "spec", "nodeName") || phase.equals("Succeeded") || phase.equals("Failed")) {
                return 0;
            }
            return asked >= 0 ? asked : Math.max(0, Tree.number(pod, 30, "spec", "terminationGracePeriodSeconds"));
        }
    };

    /// A namespace stays, `Terminating`, until `spec.finalizers` is emptied through `/finalize`.
    Deletion NAMESPACE = new Deletion() {
        @Override
        public boolean isHeld(ObjectNode namespace) {
            return !Tree.texts(namespace, "spec", "finalizers").isEmpty();
        }

        @Override
        public void mark(ObjectNode namespace) {
            Tree.makeObject(namespace, "status").put("phase", "Terminating");
        }
    };

    /// Dependents stay unless the request says otherwise: a ReplicationController is older than garbage collection.
    Deletion ORPHANING = new Deletion() {
        @Override
        public boolean orphansByDefault() {
            return true;
        }
    };

    /// Dependents stay when neither the request nor a finalizer says what becomes of them.
    default boolean orphansByDefault() {
        return false;
    }

    /// How long the object stays after the request.
    ///
    /// @param asked the request's `gracePeriodSeconds`, -1 for none
    default long graceSeconds(ObjectNode object, long asked) {
        return 0;
    }

    /// Something other than a finalizer in the metadata keeps the object.
    default boolean isHeld(ObjectNode object) {
        return false;
    }

    /// Edits an object that is deleted but stays for now.
    default void mark(ObjectNode object) {}
}
