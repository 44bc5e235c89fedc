package dev.fairway.api.registry;

import dev.fairway.api.kind.Causes;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What a deletion asks for.
///
/// @param graceSeconds -1 for the kind's default
/// @param uid only the object with this uid; empty for any
/// @param resourceVersion only the object at this revision; empty for any
/// @param propagation `Background`, `Foreground`, `Orphan`, or empty for the default
public record DeleteQuery(long graceSeconds, String uid, String resourceVersion, String propagation) {

    public static final DeleteQuery DEFAULT = new DeleteQuery(-1, "", "", "");

    private static final Resource OPTIONS = new Resource("meta.k8s.io", "v1", "", "DeleteOptions", false);

    public DeleteQuery {
        if (!List.of("", "Background", "Foreground", "Orphan").contains(propagation)) {
            throw refusal(
                    "FieldValueNotSupported",
                    "Unsupported value: \"" + propagation
                            + "\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"");
        }
    }

    private static ApiException refusal(String reason, String message) {
        return Causes.refusal(OPTIONS, "", List.of(new Cause(reason, message, "propagationPolicy")));
    }

    /// Reads a `DeleteOptions` object. A negative grace period counts as one second, as upstream has it.
    public static DeleteQuery of(ObjectNode options) {
        String propagation = Tree.text(options, "propagationPolicy");
        boolean orphans = Tree.has(options, "orphanDependents");
        if (orphans && !propagation.isEmpty()) {
            throw refusal(
                    "FieldValueInvalid",
                    "Invalid value: \"" + propagation
                            + "\": orphanDependents and deletionPropagation cannot be both set");
        }
        if (orphans) {
            propagation = Tree.flag(options, "orphanDependents") ? "Orphan" : "Background";
        }
        long grace = Tree.number(options, -1, "gracePeriodSeconds");
        return new DeleteQuery(
                Tree.has(options, "gracePeriodSeconds") && grace < 0 ? 1 : grace,
                Tree.text(options, "preconditions", "uid"),
                Tree.text(options, "preconditions", "resourceVersion"),
                propagation);
    }
}
