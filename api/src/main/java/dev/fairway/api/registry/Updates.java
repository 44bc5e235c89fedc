package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.api.kind.MetaValidation;
import dev.fairway.api.kind.Subresource;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/// Changes standing objects: by replacement, patch or subresource.
final class Updates {

    private static final List<String> OWNED_BY_SERVER = List.of(
            "uid",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "generation",
            "generateName");

    private final WriteLoop loop;
    private final Creates creates;
    private final Admission admission;

    Updates(WriteLoop loop, Creates creates, Admission admission) {
        this.loop = loop;
        this.creates = creates;
        this.admission = admission;
    }

    /// Replaces the object, or creates it where the kind allows that.
    Written replace(
            Kind kind, String namespace, String name, Section section, ObjectNode object, WriteOptions options) {
        return loop.run(kind, name, options.dryRun(), attempt -> {
            Optional<ObjectNode> old = loop.standing(attempt, kind, namespace, name);
            boolean create = section == Section.MAIN && kind.has(Kind.Trait.CREATE_ON_UPDATE);
            if (old.isEmpty() && create && Meta.resourceVersion(object).isEmpty()) {
                return creates.step(attempt, kind, namespace, object.deepCopy(), options);
            }
            ObjectNode standing = old.orElseThrow(() -> Refusal.notFound(kind.resource(), name));
            return step(attempt, kind, section, standing, object.deepCopy(), options);
        });
    }

    /// Changes the object by a function of its present state. The function gets a copy and may be called repeatedly.
    Written change(
            Kind kind,
            String namespace,
            String name,
            Section section,
            UnaryOperator<ObjectNode> edit,
            WriteOptions options) {
        return loop.run(kind, name, options.dryRun(), attempt -> {
            ObjectNode old = loop.standing(attempt, kind, namespace, name)
                    .orElseThrow(() -> Refusal.notFound(kind.resource(), name));
            return step(attempt, kind, section, old, edit.apply(old.deepCopy()), options);
        });
    }

    private WriteLoop.Step step(
            Attempt attempt, Kind kind, Section section, ObjectNode old, ObjectNode asked, WriteOptions options) {
        checkIdentity(kind, old, asked);
        ObjectNode now = switch (section) {
            case MAIN -> main(attempt, kind, old, asked);
            case STATUS -> status(attempt, kind, old, asked);
            case FINALIZE -> finalizers(old, asked);
        };
        admission.admit(
                new Admission.Write(options.user(), kind, section, Optional.of(old), Optional.of(now), attempt));
        countGeneration(kind, old, now);
        validate(kind, section, old, now);
        List<String> warnings =
                section == Section.MAIN ? kind.rules().warnings(Optional.of(old), now) : List.<String>of();
        if (isReleased(kind, now)) {
            return new WriteLoop.Step(kind, now, Written.Outcome.GONE, false, warnings);
        }
        return new WriteLoop.Step(kind, now, Written.Outcome.UPDATED, now.equals(old), warnings);
    }

    private static void checkIdentity(Kind kind, ObjectNode old, ObjectNode asked) {
        String name = Meta.name(old);
        String revision = Meta.resourceVersion(asked);
        if (!revision.isEmpty() && !revision.equals("0") && !revision.equals(Meta.resourceVersion(old))) {
            Revisions.parse(revision);
            throw Refusal.modified(kind.resource(), name);
        }
        String uid = Meta.uid(asked);
        if (!uid.isEmpty() && !uid.equals(Meta.uid(old))) {
            throw Refusal.conflict(
                    kind.resource(),
                    name,
                    "StorageError: invalid object, Code: 4, Key: "
                            + Keys.object(kind.resource(), Meta.namespace(old), name)
                            + ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: "
                            + uid + ", UID in object meta: " + Meta.uid(old));
        }
        if (!Meta.name(asked).equals(name)) {
            throw Refusal.badRequest("the name of the object (" + Meta.name(asked)
                    + ") does not match the name on the URL (" + name + ")");
        }
    }

    private static ObjectNode main(Attempt attempt, Kind kind, ObjectNode old, ObjectNode now) {
        ObjectNode meta = Tree.makeObject(now, "metadata");
        for (String field : OWNED_BY_SERVER) {
            Tree.carry(old.get("metadata"), meta, field);
        }
        Tree.carry(old.get("metadata"), meta, "namespace");
        Tree.carry(old.get("metadata"), meta, "resourceVersion");
        meta.remove(List.of("selfLink", "managedFields"));
        now.put("apiVersion", kind.resource().apiVersion())
                .put("kind", kind.resource().kind());
        if (kind.has(Subresource.STATUS)) {
            Tree.carry(old, now, "status");
        }
        kind.rules().applyDefaults(now);
        kind.rules().beforeUpdate(attempt, old, now);
        return now;
    }

    private static ObjectNode status(Attempt attempt, Kind kind, ObjectNode old, ObjectNode asked) {
        ObjectNode now = old.deepCopy();
        Tree.carry(asked, now, "status");
        kind.rules().beforeStatusUpdate(attempt, old, now);
        return now;
    }

    private static ObjectNode finalizers(ObjectNode old, ObjectNode asked) {
        ObjectNode now = old.deepCopy();
        Tree.carry(Tree.makeObject(asked, "spec"), Tree.makeObject(now, "spec"), "finalizers");
        return now;
    }

    private static void countGeneration(Kind kind, ObjectNode old, ObjectNode now) {
        if (kind.has(Kind.Trait.GENERATION) && !sameContent(old, now)) {
            long before = Tree.number(old, 0, "metadata", "generation");
            Tree.makeObject(now, "metadata").put("generation", before + 1);
        }
    }

    private static boolean sameContent(ObjectNode old, ObjectNode now) {
        var names = new TreeSet<>(old.propertyNames());
        names.addAll(now.propertyNames());
        names.removeAll(List.of("metadata", "status", "apiVersion", "kind"));
        return names.stream().allMatch(name -> Objects.equals(old.get(name), now.get(name)));
    }

    private static void validate(Kind kind, Section section, ObjectNode old, ObjectNode now) {
        List<Cause> causes = new ArrayList<>(newFinalizers(old, now));
        switch (section) {
            case MAIN -> {
                causes.addAll(MetaValidation.validate(now, kind.rules()));
                causes.addAll(kind.rules().validateUpdate(old, now));
            }
            case STATUS -> causes.addAll(kind.rules().validateStatusUpdate(old, now));
            case FINALIZE -> {}
        }
        Creates.refuse(kind, now, causes);
    }

    private static List<Cause> newFinalizers(ObjectNode old, ObjectNode now) {
        List<String> added = new ArrayList<>(Tree.texts(now, "metadata", "finalizers"));
        added.removeAll(Tree.texts(old, "metadata", "finalizers"));
        if (added.isEmpty() || !Meta.isBeingDeleted(old)) {
            return List.of();
        }
        String quoted = "\"" + String.join("\", \"", added) + "\"";
        return List.of(new Cause(
                "FieldValueForbidden",
                "Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers "
                        + "[]string{" + quoted + "}",
                "metadata.finalizers"));
    }

    /// Deleted, and nothing keeps it any longer.
    private static boolean isReleased(Kind kind, ObjectNode now) {
        return Meta.isBeingDeleted(now)
                && Tree.texts(now, "metadata", "finalizers").isEmpty()
                && Tree.number(now, 0, "metadata", "deletionGracePeriodSeconds") == 0
                && !kind.deletion().isHeld(now);
    }
}
