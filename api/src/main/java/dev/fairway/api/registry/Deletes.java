package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
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
        Resource resource = kind.resource();
        String found = Meta.uid(old);
        if (!query.uid().isEmpty() && !query.uid().equals(found)) {
            String what = differs("UID", query.uid(), found);
            throw Refusal.conflict(
                    resource, Meta.name(old), what + "The object might have been deleted and then recreated");
        }
        String revision = Meta.resourceVersion(old);
        if (!query.resourceVersion().isEmpty() && !query.resourceVersion().equals(revision)) {
            String what = differs("ResourceVersion", query.resourceVersion(), revision);
            throw Refusal.conflict(resource, Meta.name(old), what + "The object might have been modified");
        }
    }

    private static String differs(String what, String asked, String found) {
        return "the " + what + " in the precondition (" + asked + ") does not match the " + what + " in record ("
                + found + "). ";
    }

    private static WriteLoop.Step step(Attempt attempt, Kind kind, ObjectNode old, DeleteQuery query) {
        ObjectNode now = old.deepCopy();
        setPropagation(now, propagation(kind, now, query));
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
        Tree.putNumber(meta, "deletionGracePeriodSeconds", grace);
        if (!again && kind.has(Kind.Trait.GENERATION)) {
            Tree.putNumber(meta, "generation", Tree.number(meta, 0, "generation") + 1);
        }
        kind.deletion().mark(now);
    }

    /// What becomes of the dependents: as the request says, else as a finalizer says, else as is usual for the kind.
    private static String propagation(Kind kind, ObjectNode now, DeleteQuery query) {
        boolean settled =
                Tree.texts(now, "metadata", "finalizers").stream().anyMatch(List.of(ORPHAN, FOREGROUND)::contains);
        return query.propagation().isEmpty() && !settled && kind.deletion().orphansByDefault()
                ? "Orphan"
                : query.propagation();
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
