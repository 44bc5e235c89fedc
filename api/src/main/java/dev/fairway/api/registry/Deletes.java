package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Deletes objects, at once or by marking them.
final class Deletes {

    private static final String ORPHAN = "orphan";
    private static final String FOREGROUND = "foregroundDeletion";

    private final WriteLoop loop;
    private final Admission admission;

    Deletes(WriteLoop loop, Admission admission) {
        this.loop = loop;
        this.admission = admission;
    }

    Written delete(Kind kind, String namespace, String name, DeleteQuery query, WriteOptions options) {
        return loop.run(kind, name, options.dryRun(), attempt -> {
            ObjectNode old = loop.standing(attempt, kind, namespace, name)
                    .orElseThrow(() -> Refusal.notFound(kind.resource(), name));
            admission.admit(new Admission.Write(
                    options.user(), kind, Section.MAIN, Optional.of(old), Optional.empty(), attempt));
            checkPreconditions(kind, old, query);
            return step(attempt, kind, old, query);
        });
    }

    private static void checkPreconditions(Kind kind, ObjectNode old, DeleteQuery query) {
        differs("UID", query.uid(), Meta.uid(old), kind, old);
        differs("ResourceVersion", query.resourceVersion(), Meta.resourceVersion(old), kind, old);
    }

    private static void differs(String what, String asked, String actual, Kind kind, ObjectNode old) {
        if (!asked.isEmpty() && !asked.equals(actual)) {
            throw Refusal.conflict(
                    kind.resource(),
                    Meta.name(old),
                    "the " + what + " in the precondition (" + asked + ") does not match the " + what + " in record ("
                            + actual + "). The object might have been deleted and then recreated");
        }
    }

    private static WriteLoop.Step step(Attempt attempt, Kind kind, ObjectNode old, DeleteQuery query) {
        ObjectNode now = old.deepCopy();
        setPropagation(now, query.propagation());
        long grace = kind.deletion().graceSeconds(now, query.graceSeconds());
        boolean free = Tree.texts(now, "metadata", "finalizers").isEmpty()
                && !kind.deletion().isHeld(now);
        if (grace == 0 && free) {
            return new WriteLoop.Step(kind, now, Written.Outcome.GONE, false, List.of());
        }
        mark(attempt, kind, now, grace);
        return new WriteLoop.Step(kind, now, Written.Outcome.MARKED, now.equals(old), List.of());
    }

    /// A second request may shorten the grace period, never lengthen it.
    private static void mark(Attempt attempt, Kind kind, ObjectNode now, long grace) {
        ObjectNode meta = Tree.makeObject(now, "metadata");
        boolean again = Meta.isBeingDeleted(now);
        if (again && Tree.number(meta, 0, "deletionGracePeriodSeconds") <= grace) {
            return;
        }
        meta.put("deletionTimestamp", attempt.now().plusSeconds(grace).toString());
        meta.put("deletionGracePeriodSeconds", grace);
        if (!again && kind.has(Kind.Trait.GENERATION)) {
            meta.put("generation", Tree.number(meta, 0, "generation") + 1);
        }
        kind.deletion().mark(now);
    }

    /// Keeps the request for the garbage collector, as finalizers.
    private static void setPropagation(ObjectNode now, String propagation) {
        if (propagation.isEmpty()) {
            return;
        }
        ObjectNode meta = Tree.makeObject(now, "metadata");
        List<String> finalizers = new ArrayList<>(Tree.texts(meta, "finalizers"));
        finalizers.removeAll(List.of(ORPHAN, FOREGROUND));
        switch (propagation) {
            case "Orphan" -> finalizers.add(ORPHAN);
            case "Foreground" -> finalizers.add(FOREGROUND);
            default -> {}
        }
        if (finalizers.isEmpty()) {
            meta.remove("finalizers");
        } else {
            ArrayNode list = meta.putArray("finalizers");
            finalizers.forEach(list::add);
        }
    }
}
