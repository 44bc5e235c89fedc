package dev.fairway.schema.memory;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// What the API does to an object on its way in.
final class MemoryRules {

    private final Clock clock;

    MemoryRules(Clock clock) {
        this.clock = clock;
    }

    private String now() {
        return now(0);
    }

    private String now(long laterSeconds) {
        return clock.instant()
                .plusSeconds(laterSeconds)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }

    ObjectNode prepareNew(Resource resource, ObjectNode object, long revision) {
        ObjectNode made = object.deepCopy();
        made.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        ObjectNode meta = Tree.makeObject(made, "metadata");
        if (Meta.name(made).isEmpty()) {
            meta.put("name", Tree.text(meta, "generateName") + "%05d".formatted(revision));
        }
        meta.put("uid", UUID.randomUUID().toString()).put("generation", 1L);
        if (!meta.has("creationTimestamp")) {
            meta.put("creationTimestamp", now());
        }
        if (resource.equals(Resource.NAMESPACES)) {
            Tree.makeArray(Tree.makeObject(made, "spec"), "finalizers")
                    .removeAll()
                    .add("kubernetes");
            Tree.makeObject(made, "status").put("phase", "Active");
        }
        return made;
    }

    /// The status stays; a changed spec raises the generation.
    static ObjectNode mainUpdate(ObjectNode before, ObjectNode wanted) {
        ObjectNode after = wanted.deepCopy();
        Tree.carry(before, after, "status");
        ObjectNode meta = Tree.makeObject(after, "metadata");
        for (String field : new String[] {"uid", "creationTimestamp", "deletionTimestamp", "resourceVersion"}) {
            Tree.carry(Tree.makeObject(before, "metadata"), meta, field);
        }
        boolean same = Tree.at(before, "spec").equals(Tree.at(after, "spec"));
        meta.put("generation", Tree.number(before, 1, "metadata", "generation") + (same ? 0 : 1));
        return after;
    }

    /// Labels and annotations may be written through the status, too.
    static ObjectNode statusUpdate(ObjectNode before, ObjectNode wanted) {
        ObjectNode after = before.deepCopy();
        Tree.carry(wanted, after, "status");
        ObjectNode meta = Tree.makeObject(after, "metadata");
        for (String field : new String[] {"labels", "annotations"}) {
            Tree.carry(Tree.makeObject(wanted, "metadata"), meta, field);
        }
        return after;
    }

    ObjectNode markDeleted(Resource resource, ObjectNode before, DeleteOptions options) {
        ObjectNode after = before.deepCopy();
        ObjectNode meta = Tree.makeObject(after, "metadata");
        boolean graceful = resource.equals(Resource.PODS) && Tree.has(before, "spec", "nodeName");
        long grace = graceful ? options.graceSeconds() < 0 ? 30 : options.graceSeconds() : 0;
        meta.put("deletionGracePeriodSeconds", grace);
        if (!meta.has("deletionTimestamp")) {
            meta.put("deletionTimestamp", now(grace));
            if (options.propagation().equals("Foreground")) {
                Tree.makeArray(meta, "finalizers").add("foregroundDeletion");
            } else if (options.propagation().equals("Orphan")) {
                Tree.makeArray(meta, "finalizers").add("orphan");
            }
        }
        if (resource.equals(Resource.NAMESPACES)) {
            Tree.makeObject(after, "status").put("phase", "Terminating");
        }
        return after;
    }

    /// Marked as deleted, and nothing keeps it.
    static boolean mayGo(Resource resource, ObjectNode object) {
        boolean held = resource.equals(Resource.NAMESPACES)
                && !Tree.texts(object, "spec", "finalizers").isEmpty();
        return Meta.isBeingDeleted(object)
                && !held
                && Tree.texts(object, "metadata", "finalizers").isEmpty()
                && Tree.number(object, 0, "metadata", "deletionGracePeriodSeconds") == 0;
    }
}
