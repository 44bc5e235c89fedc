package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.api.kind.MetaValidation;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.apply.Tracking;
import dev.fairway.store.Store;
import dev.fairway.store.Store.Guard;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// Makes new objects.
final class Creates {

    private static final int NAME_TRIES = 8;
    private static final int NAME_BASE_MAX = 58;

    /// No vowels and no look-alikes, as in upstream's generated names.
    private static final String NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    private final WriteLoop loop;
    private final ObjectCache cache;
    private final Admission admission;

    Creates(WriteLoop loop, ObjectCache cache, Admission admission) {
        this.loop = loop;
        this.cache = cache;
        this.admission = admission;
    }

    Written create(Kind kind, String namespace, ObjectNode object, WriteOptions options) {
        if (!Meta.resourceVersion(object).isEmpty()) {
            throw Refusal.badRequest("resourceVersion should not be set on objects to be created");
        }
        return loop.run(
                kind,
                Meta.name(object),
                options.dryRun(),
                attempt -> step(attempt, kind, namespace, object.deepCopy(), options));
    }

    /// Decides about an object that does not stand yet; edits `object`.
    WriteLoop.Step step(Attempt attempt, Kind kind, String namespace, ObjectNode object, WriteOptions options) {
        return step(
                attempt,
                kind,
                namespace,
                object,
                options,
                made -> Tracking.create(
                        Tracks.of(kind, Section.MAIN), made, Tracks.author(attempt, kind, Section.MAIN, options)));
    }

    /// @param track names the owners of the fields in the object, which has its defaults by then
    WriteLoop.Step step(
            Attempt attempt,
            Kind kind,
            String namespace,
            ObjectNode object,
            WriteOptions options,
            Consumer<ObjectNode> track) {
        Resource resource = kind.resource();
        ObjectNode meta = Tree.makeObject(object, "metadata");
        name(attempt, kind, namespace, object, meta);
        requireNamespace(attempt, kind, namespace, Meta.name(object));
        ownMetadata(attempt, kind, namespace, meta);
        object.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        kind.rules().applyDefaults(object);
        track.accept(object);
        admission.admit(new Admission.Write(
                options.user(), kind, Section.MAIN, Optional.empty(), Optional.of(object), attempt));
        validateMetadata(kind, object);
        kind.rules().beforeCreate(attempt, object);
        refuse(kind, object, kind.rules().validateCreate(object));
        attempt.require(new Guard.Absent(Keys.object(resource, namespace, Meta.name(object))));
        List<String> warnings = kind.rules().warnings(Optional.empty(), object);
        return new WriteLoop.Step(kind, object, Written.Outcome.CREATED, false, warnings);
    }

    private static void name(Attempt attempt, Kind kind, String namespace, ObjectNode object, ObjectNode meta) {
        Resource resource = kind.resource();
        String base = Tree.text(meta, "generateName");
        String name = Meta.name(object);
        for (int i = 0; name.isEmpty() && !base.isEmpty() && i < NAME_TRIES; i++) {
            String tried = generate(attempt, base);
            if (attempt.read(Keys.object(resource, namespace, tried)).isEmpty()) {
                name = tried;
            }
        }
        if (name.isEmpty()) {
            throw base.isEmpty()
                    ? Refusal.invalid(kind, "", List.of(required("metadata.name", "name or generateName is required")))
                    : Refusal.noUniqueName(resource, base);
        }
        if (attempt.read(Keys.object(resource, namespace, name)).isPresent()) {
            throw Refusal.alreadyExists(resource, name);
        }
        meta.put("name", name);
    }

    private static String generate(Attempt attempt, String base) {
        StringBuilder out = new StringBuilder(base.substring(0, Math.min(base.length(), NAME_BASE_MAX)));
        for (int i = 0; i < 5; i++) {
            out.append(NAME_LETTERS.charAt(attempt.random().nextInt(NAME_LETTERS.length())));
        }
        return out.toString();
    }

    /// The namespace stands and is not going away, now and at the commit.
    private void requireNamespace(Attempt attempt, Kind kind, String namespace, String name) {
        if (!kind.resource().namespaced()) {
            return;
        }
        Store.Entry entry = attempt.read(Keys.object(Resource.NAMESPACES, "", namespace))
                .orElseThrow(() -> Refusal.notFound(Resource.NAMESPACES, namespace));
        if (Meta.isBeingDeleted(cache.object(entry))) {
            String text = "namespace " + namespace + " is being terminated";
            throw Refusal.forbidden(
                    kind.resource(),
                    name,
                    "unable to create new content in namespace " + namespace + " because it is being terminated",
                    List.of(new Cause("NamespaceTerminating", text, "metadata.namespace")));
        }
        attempt.require(new Guard.At(entry.key(), entry.revision()));
    }

    private static void ownMetadata(Attempt attempt, Kind kind, String namespace, ObjectNode meta) {
        meta.remove(List.of("resourceVersion", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"));
        meta.remove("namespace");
        meta.remove("generation");
        if (kind.resource().namespaced()) {
            meta.put("namespace", namespace);
        }
        meta.put("uid", UUID.randomUUID().toString());
        meta.put("creationTimestamp", attempt.now().toString());
        if (kind.has(Kind.Trait.GENERATION)) {
            meta.put("generation", 1);
        }
    }

    private static void validateMetadata(Kind kind, ObjectNode object) {
        refuse(kind, object, MetaValidation.validate(object, kind.rules()));
    }

    static Cause required(String field, String why) {
        return new Cause("FieldValueRequired", "Required value: " + why, field);
    }

    static void refuse(Kind kind, ObjectNode object, List<Cause> causes) {
        refuse(kind, Meta.name(object), causes);
    }

    static void refuse(Kind kind, String name, List<Cause> causes) {
        if (!causes.isEmpty()) {
            throw Refusal.invalid(kind, name, causes);
        }
    }
}
