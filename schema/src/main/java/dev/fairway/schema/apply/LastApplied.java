package dev.fairway.schema.apply;

import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import tools.jackson.databind.node.ObjectNode;

/// The bridge from client-side apply, which keeps the configuration in an annotation. Only for the manager that
/// `kubectl apply --server-side` has by default.
final class LastApplied {

    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
    private static final String KUBECTL = "kubectl";

    private LastApplied() {}

    /// Fields that the same user set by client-side apply and that still have the value it gave them: taking these over
    /// is no conflict.
    static FieldSet inherited(Tracked tracked, ObjectNode live, Author author) {
        String text = Meta.annotation(live, ANNOTATION);
        if (!author.manager().equals(KUBECTL) || text.isEmpty()) {
            return FieldSet.EMPTY;
        }
        try {
            ObjectNode last = Json.parse(text);
            if (!Tree.text(last, "apiVersion").equals(author.apiVersion())) {
                return FieldSet.EMPTY;
            }
            Comparison since = Comparison.between(tracked, last, live);
            return AppliedFields.of(tracked, last)
                    .set()
                    .minus(since.modified())
                    .minus(since.added())
                    .minus(since.removed());
        } catch (IllegalArgumentException notJson) {
            return FieldSet.EMPTY;
        }
    }

    /// Where the annotation stands, it follows: so a later client-side apply knows what to remove.
    static void update(ObjectNode object, ObjectNode applied, Author author) {
        if (!author.manager().equals(KUBECTL)
                || Meta.annotation(object, ANNOTATION).isEmpty()) {
            return;
        }
        ObjectNode last = applied.deepCopy();
        if (last.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(ANNOTATION);
        }
        Tree.makeObject(object, "metadata", "annotations").put(ANNOTATION, Json.toText(last) + "\n");
    }
}
