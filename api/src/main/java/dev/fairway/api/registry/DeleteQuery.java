package dev.fairway.api.registry;

import dev.fairway.schema.Tree;
import tools.jackson.databind.node.ObjectNode;

/// What a deletion asks for.
///
/// @param graceSeconds -1 for the kind's default
/// @param uid only the object with this uid; empty for any
/// @param resourceVersion only the object at this revision; empty for any
/// @param propagation `Background`, `Foreground`, `Orphan`, or empty for the default
public record DeleteQuery(long graceSeconds, String uid, String resourceVersion, String propagation) {

    public static final DeleteQuery DEFAULT = new DeleteQuery(-1, "", "", "");

    public DeleteQuery {
        if (!java.util.List.of("", "Background", "Foreground", "Orphan").contains(propagation)) {
            throw Refusal.badRequest(
                    "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \"" + propagation
                            + "\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"");
        }
    }

    /// Reads a `DeleteOptions` object.
    public static DeleteQuery of(ObjectNode options) {
        String propagation = Tree.text(options, "propagationPolicy");
        if (propagation.isEmpty() && Tree.flag(options, "orphanDependents")) {
            propagation = "Orphan";
        }
        return new DeleteQuery(
                Tree.number(options, -1, "gracePeriodSeconds"),
                Tree.text(options, "preconditions", "uid"),
                Tree.text(options, "preconditions", "resourceVersion"),
                propagation);
    }
}
