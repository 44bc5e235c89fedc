package dev.fairway.api.kind;

import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks the parts of `metadata` that a client writes.
public final class MetaValidation {

    private static final int ANNOTATIONS_MAX_BYTES = 256 * 1024;
    private static final Set<String> STANDARD_FINALIZERS = Set.of("orphan", "foregroundDeletion", "kubernetes");

    private MetaValidation() {}

    /// Everything: name, labels, annotations, finalizers, owners.
    public static List<Cause> validate(ObjectNode object, KindRules rules) {
        Causes causes = new Causes();
        String name = Meta.name(object);
        if (name.isEmpty()) {
            causes.required("metadata.name", "name or generateName is required");
        } else {
            causes.invalidEach("metadata.name", name, rules.nameErrors(name));
        }
        labels(causes, "metadata.labels", Meta.labels(object));
        annotations(causes, Meta.annotations(object));
        finalizers(causes, Tree.texts(object, "metadata", "finalizers"));
        owners(causes, Tree.objects(object, "metadata", "ownerReferences"));
        return causes.list();
    }

    /// Only a deletion marks an object as deleted, and nothing takes the mark away. Leaving the marks out is not
    /// touching them.
    public static List<Cause> validateDeletionMarks(ObjectNode old, ObjectNode asked) {
        Causes causes = new Causes();
        JsonNode grace = Tree.at(asked, "metadata", "deletionGracePeriodSeconds");
        if (Tree.has(asked, "metadata", "deletionTimestamp") && !Meta.isBeingDeleted(old)) {
            causes.invalid(
                    "metadata.deletionTimestamp",
                    Tree.at(asked, "metadata", "deletionTimestamp"),
                    "field is immutable");
        }
        if (grace.isNumber() && !Json.same(grace, Tree.at(old, "metadata", "deletionGracePeriodSeconds"))) {
            causes.invalid("metadata.deletionGracePeriodSeconds", grace, "field is immutable");
        }
        return causes.list();
    }

    static void labels(Causes causes, String field, Map<String, String> labels) {
        labels.forEach((key, value) -> {
            causes.invalidEach(field, key, Names.qualified(key));
            causes.invalidEach(field, value, Names.labelValue(value));
        });
    }

    private static void annotations(Causes causes, Map<String, String> annotations) {
        long size = 0;
        for (Map.Entry<String, String> each : annotations.entrySet()) {
            causes.invalidEach("metadata.annotations", each.getKey(), Names.annotationKey(each.getKey()));
            size += Names.bytes(each.getKey()) + Names.bytes(each.getValue());
        }
        if (size > ANNOTATIONS_MAX_BYTES) {
            causes.tooLong("metadata.annotations", ANNOTATIONS_MAX_BYTES);
        }
    }

    private static void finalizers(Causes causes, List<String> finalizers) {
        if (finalizers.containsAll(List.of("orphan", "foregroundDeletion"))) {
            causes.invalid(
                    "metadata.finalizers", finalizers, "finalizer orphan and foregroundDeletion cannot be both set");
        }
        for (String finalizer : finalizers) {
            causes.invalidEach("metadata.finalizers", finalizer, Names.qualified(finalizer));
            if (!finalizer.contains("/") && !STANDARD_FINALIZERS.contains(finalizer)) {
                causes.invalid(
                        "metadata.finalizers",
                        finalizer,
                        "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }

    private static void owners(Causes causes, List<ObjectNode> owners) {
        String controller = "";
        for (int i = 0; i < owners.size(); i++) {
            ObjectNode owner = owners.get(i);
            String field = "metadata.ownerReferences[" + i + "]";
            for (String part : List.of("apiVersion", "kind", "name", "uid")) {
                if (Tree.text(owner, part).isEmpty()) {
                    causes.invalid(field + "." + part, "", "must not be empty");
                }
            }
            if (Tree.flag(owner, "controller")) {
                if (!controller.isEmpty()) {
                    causes.invalid(
                            "metadata.ownerReferences",
                            Tree.text(owner, "name"),
                            "Only one reference can have Controller set to true. Found \"true\" in references for "
                                    + controller + " and " + Tree.text(owner, "name"));
                }
                controller = Tree.text(owner, "name");
            }
        }
    }
}
