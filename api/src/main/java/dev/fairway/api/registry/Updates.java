package dev.fairway.api.registry;

import dev.fairway.api.kind.Causes;
import dev.fairway.api.kind.Kind;
import dev.fairway.api.kind.MetaValidation;
import dev.fairway.api.kind.Subresource;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import dev.fairway.schema.apply.Author;
import dev.fairway.schema.apply.ServerSideApply;
import dev.fairway.schema.apply.Tracked;
import dev.fairway.schema.apply.Tracking;
import dev.fairway.schema.codec.Decoder;
import dev.fairway.schema.codec.FieldValidation;
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
            "generateName",
            "namespace",
            "resourceVersion");

    /// The object, or the part of it, that a write goes to.
    record Target(String namespace, String name, Section section) {}

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
            requireRevision(kind, name, object);
            return step(attempt, kind, section, standing, object.deepCopy(), options);
        });
    }

    private static void requireRevision(Kind kind, String name, ObjectNode object) {
        String revision = Meta.resourceVersion(object);
        if (kind.has(Kind.Trait.CONDITIONAL_UPDATE) && (revision.isEmpty() || revision.equals("0"))) {
            Causes causes = new Causes();
            causes.invalid("metadata.resourceVersion", 0, "must be specified for an update");
            Creates.refuse(kind, name, causes.list());
        }
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

    /// Server-side apply; makes the object when it is missing. The object of a view is applied to in its shown form.
    ///
    /// @param kind as the client knows it
    /// @param applied as the client sent it, nulls and zero values included
    Written apply(Kind kind, Target target, ObjectNode applied, boolean force, WriteOptions options) {
        Section section = target.section();
        Kind stored = kind.stored();
        return loop.run(stored, target.name(), options.dryRun(), attempt -> {
            Optional<ObjectNode> old = loop.standing(attempt, stored, target.namespace(), target.name());
            if (old.isEmpty()
                    && (section != Section.MAIN || !options.subresource().isEmpty())) {
                throw Refusal.notFound(kind.resource(), target.name());
            }
            Author author = Tracks.author(attempt, kind, section, options);
            ObjectNode live = old.map(kind::show).orElseGet(Json::object);
            ObjectNode merged = ServerSideApply.apply(Tracks.of(kind, section), live, applied, author, force);
            ObjectNode asked = kind.store(conform(kind, merged));
            if (old.isPresent()) {
                return step(attempt, stored, section, old.get(), asked, options, (_, _) -> {});
            }
            checkNew(stored, target.name(), asked);
            return creates.step(attempt, stored, target.namespace(), asked, options, _ -> {});
        });
    }

    private static ObjectNode conform(Kind kind, ObjectNode tree) {
        Decoder.Expected expected = new Decoder.Expected(
                kind.resource().apiVersion(), kind.resource().kind());
        return Decoder.conform(tree, expected, FieldValidation.IGNORE).object();
    }

    private static void checkNew(Kind kind, String name, ObjectNode asked) {
        String uid = Meta.uid(asked);
        if (!uid.isEmpty()) {
            throw Refusal.conflict(
                    kind.resource(),
                    name,
                    "uid mismatch: the provided object specified uid " + uid + ", and no existing object was found");
        }
        // A resourceVersion does not matter: operators send one that never was, so as not to change what is there.
        checkName(name, asked);
    }

    private WriteLoop.Step step(
            Attempt attempt, Kind kind, Section section, ObjectNode old, ObjectNode asked, WriteOptions options) {
        Tracked tracked = Tracks.of(kind, section);
        Author author = Tracks.author(attempt, kind, section, options);
        Tracker tracker = (before, now) -> Tracking.update(tracked, before, now, author);
        return step(attempt, kind, section, old, asked, options, tracker);
    }

    /// Names the owners of the fields in `now`, which has its defaults by then.
    private interface Tracker {
        void track(ObjectNode old, ObjectNode now);
    }

    private WriteLoop.Step step(
            Attempt attempt,
            Kind kind,
            Section section,
            ObjectNode old,
            ObjectNode asked,
            WriteOptions options,
            Tracker tracker) {
        checkIdentity(kind, old, asked);
        Creates.refuse(kind, old, MetaValidation.validateDeletionMarks(old, asked));
        ObjectNode now = switch (section) {
            case MAIN -> main(attempt, kind, old, asked, tracker);
            case STATUS -> status(attempt, kind, old, asked, tracker);
            case FINALIZE -> finalizers(old, asked, tracker);
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
        boolean unchanged = Tracking.sameButForTimes(old, now);
        return new WriteLoop.Step(kind, unchanged ? old : now, Written.Outcome.UPDATED, unchanged, warnings);
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
        checkName(name, asked);
    }

    private static void checkName(String name, ObjectNode asked) {
        if (!Meta.name(asked).equals(name)) {
            throw Refusal.badRequest("the name of the object (" + Meta.name(asked)
                    + ") does not match the name on the URL (" + name + ")");
        }
    }

    private static void carryServerOwned(ObjectNode old, ObjectNode now) {
        ObjectNode meta = Tree.makeObject(now, "metadata");
        OWNED_BY_SERVER.forEach(field -> Tree.carry(old.path("metadata"), meta, field));
        meta.remove("selfLink");
    }

    private static ObjectNode main(Attempt attempt, Kind kind, ObjectNode old, ObjectNode now, Tracker tracker) {
        carryServerOwned(old, now);
        now.put("apiVersion", kind.resource().apiVersion())
                .put("kind", kind.resource().kind());
        if (kind.has(Subresource.STATUS)) {
            Tree.carry(old, now, "status");
        }
        kind.rules().applyDefaults(now);
        tracker.track(old, now);
        kind.rules().beforeUpdate(attempt, old, now);
        return now;
    }

    /// Labels and annotations may be written through the status, too.
    private static ObjectNode status(Attempt attempt, Kind kind, ObjectNode old, ObjectNode asked, Tracker tracker) {
        ObjectNode now = old.deepCopy();
        Tree.carry(asked, now, "status");
        Tree.carry(asked, now, "metadata");
        carryServerOwned(old, now);
        tracker.track(old, now);
        kind.rules().beforeStatusUpdate(attempt, old, now);
        return now;
    }

    private static ObjectNode finalizers(ObjectNode old, ObjectNode asked, Tracker tracker) {
        ObjectNode now = old.deepCopy();
        Tree.carry(Tree.makeObject(asked, "spec"), Tree.makeObject(now, "spec"), "finalizers");
        Tree.carry(asked.path("metadata"), Tree.makeObject(now, "metadata"), "managedFields");
        tracker.track(old, now);
        return now;
    }

    private static void countGeneration(Kind kind, ObjectNode old, ObjectNode now) {
        if (kind.has(Kind.Trait.GENERATION) && !sameContent(old, now)) {
            long before = Tree.number(old, 0, "metadata", "generation");
            Tree.putNumber(Tree.makeObject(now, "metadata"), "generation", before + 1);
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
