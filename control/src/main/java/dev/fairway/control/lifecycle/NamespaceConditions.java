package dev.fairway.control.lifecycle;

import dev.fairway.control.object.Conditions;
import dev.fairway.schema.Tree;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// The namespace with its status as a deletion in progress has it.
final class NamespaceConditions {

    private static final String DISCOVERY = "NamespaceDeletionDiscoveryFailure";
    private static final String PARSING = "NamespaceDeletionGroupVersionParsingFailure";
    private static final String CONTENT = "NamespaceDeletionContentFailure";
    private static final String REMAINING = "NamespaceContentRemaining";
    private static final String FINALIZERS = "NamespaceFinalizersRemaining";

    private final ObjectNode namespace;
    private final Instant now;

    private NamespaceConditions(ObjectNode namespace, Instant now) {
        this.namespace = namespace.deepCopy();
        this.now = now;
        Tree.makeObject(this.namespace, "status").put("phase", "Terminating");
    }

    /// Objects are left, or could not be listed.
    static ObjectNode remaining(ObjectNode namespace, NamespaceContents left, Instant now) {
        NamespaceConditions out = new NamespaceConditions(namespace, now);
        out.set(DISCOVERY, "", "", "ResourcesDiscovered", "All resources successfully discovered");
        out.set(PARSING, "", "", "ParsedGroupVersions", "All legacy kube types successfully parsed");
        String failures = left.failures().isEmpty()
                ? ""
                : "Failed to delete all resource types, %d remaining: %s"
                        .formatted(left.failures().size(), String.join(", ", left.failures()));
        out.set(
                CONTENT,
                "ContentDeletionFailed",
                failures,
                "ContentDeleted",
                "All content successfully deleted, may be waiting on finalization");
        out.set(
                REMAINING,
                "SomeResourcesRemain",
                left.found().isEmpty() ? "" : "Some resources are remaining: " + left.counted(),
                "ContentRemoved",
                "All content successfully removed");
        out.set(
                FINALIZERS,
                "SomeFinalizersRemain",
                left.finalizers().isEmpty()
                        ? ""
                        : "Some content in the namespace has finalizers remaining: " + left.finalizers(),
                "ContentHasNoFinalizers",
                "All content-preserving finalizers finished");
        return out.namespace;
    }

    /// It is not even known what to look for.
    static ObjectNode undiscovered(ObjectNode namespace, RuntimeException failure, Instant now) {
        NamespaceConditions out = new NamespaceConditions(namespace, now);
        String message = "Discovery failed for some groups, 1 failing: " + failure.getMessage();
        out.set(DISCOVERY, "DiscoveryFailed", message, "", "");
        return out.namespace;
    }

    /// @param problem empty when the condition does not hold
    private void set(String type, String problemReason, String problem, String fineReason, String fine) {
        Conditions.set(
                namespace,
                problem.isEmpty()
                        ? Conditions.of(type, "False", fineReason, fine, now)
                        : Conditions.of(type, "True", problemReason, problem, now));
    }
}
