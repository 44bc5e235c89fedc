package dev.fairway.control.programmed;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Programmed;
import dev.fairway.schema.Revision;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/// Up to which revision each node has what the API said of Services in its kernel, as their Leases tell. Nodes that
/// never told are run by other programs and do not count.
record NodeProgress(SortedMap<String, Long> revisions) {

    private static final int NAMES_MAX = 3;

    NodeProgress {
        revisions = Collections.unmodifiableSortedMap(revisions);
    }

    /// @param counts of a node's name: others are not waited for
    static NodeProgress of(Collection<ObjectNode> leases, Predicate<String> counts) {
        SortedMap<String, Long> out = new TreeMap<>();
        for (ObjectNode lease : leases) {
            String told = Meta.annotation(lease, Programmed.REVISION);
            if (!told.isEmpty() && counts.test(Meta.name(lease))) {
                out.put(Meta.name(lease), Revision.of(told));
            }
        }
        return new NodeProgress(out);
    }

    boolean isEmpty() {
        return revisions.isEmpty();
    }

    /// The nodes that do not have the revision yet.
    List<String> behind(long revision) {
        return revisions.entrySet().stream()
                .filter(node -> node.getValue() < revision)
                .map(Map.Entry::getKey)
                .toList();
    }

    String toText(long revision) {
        List<String> behind = behind(revision);
        String count = "in the kernel of " + (revisions.size() - behind.size()) + " of " + revisions.size() + " nodes";
        return behind.isEmpty()
                ? count
                : count + ", not yet of " + String.join(", ", behind.subList(0, Math.min(NAMES_MAX, behind.size())))
                        + (behind.size() > NAMES_MAX ? " and others" : "");
    }
}
