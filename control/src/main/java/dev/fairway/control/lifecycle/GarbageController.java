package dev.fairway.control.lifecycle;

import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Index;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Owners;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.Selection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Cleans up by ownership: objects whose owners are all gone are deleted; an owner deleted in the foreground waits for
/// its dependents; an owner deleted with `Orphan` lets them go.
public final class GarbageController implements Controller {

    private static final String FOREGROUND = "foregroundDeletion";
    private static final String ORPHAN = "orphan";

    private final ApiClient client;
    private final List<Resource> owned;
    private final List<Resource> owners;
    private final List<Index> dependents;

    /// @param client for a fresh look at owners only: mirrors of different collections are not in step
    /// @param owned the collections whose objects may have owners
    /// @param owners the collections that may own; references to other kinds count as alive
    public GarbageController(ApiClient client, List<Resource> owned, List<Resource> owners) {
        this.client = client;
        this.owned = List.copyOf(owned);
        this.owners = List.copyOf(owners);
        this.dependents = owned.stream()
                .map(resource -> new Index(resource, "owner", Owners::uids))
                .toList();
    }

    /// The indexes that its decisions use.
    public List<Index> indexes() {
        return dependents;
    }

    @Override
    public String name() {
        return "garbage-collector-controller";
    }

    @Override
    public List<Trigger> triggers() {
        Set<Resource> all = new LinkedHashSet<>(owned);
        all.addAll(owners);
        return all.stream()
                .map(resource -> new Trigger(
                        resource, (snapshot, key, before, now) -> keys(snapshot, resource, key, before, now)))
                .toList();
    }

    private Collection<WorkKey> keys(
            Snapshot snapshot,
            Resource resource,
            ObjectKey key,
            Optional<ObjectNode> before,
            Optional<ObjectNode> now) {
        Set<WorkKey> out = new LinkedHashSet<>();
        now.filter(object -> Meta.isBeingDeleted(object)
                        || !Owners.references(object).isEmpty())
                .ifPresent(_ -> out.add(WorkKey.of(resource, key)));
        if (now.isEmpty()) {
            before.ifPresent(object -> {
                dependentsOf(snapshot, object).forEach(dependent -> out.add(dependent.key()));
                Owners.references(object)
                        .forEach(reference -> ownerKey(object, reference).ifPresent(out::add));
            });
        }
        return out;
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        return snapshot.get(key).map(object -> decide(snapshot, key, object)).orElse(Decision.NOTHING);
    }

    private Decision decide(Snapshot snapshot, WorkKey key, ObjectNode object) {
        List<String> finalizers = Tree.texts(object, "metadata", "finalizers");
        if (Meta.isBeingDeleted(object)) {
            return finalizers.contains(ORPHAN)
                    ? orphan(key, object)
                    : finalizers.contains(FOREGROUND) ? awaitDependents(snapshot, key, object) : Decision.NOTHING;
        }
        boolean doubtful = Owners.references(object).stream()
                .anyMatch(reference -> !isAlive(
                        reference, ownerKey(object, reference).flatMap(snapshot::get), ownerKey(object, reference)));
        return doubtful
                ? Decision.of(
                        "an owner is gone",
                        Write.Outside.of("look at the owners of " + key, () -> withoutOwners(key, object)))
                : Decision.NOTHING;
    }

    private static boolean isAlive(JsonNode reference, Optional<ObjectNode> owner, Optional<WorkKey> known) {
        return known.isEmpty()
                || owner.filter(it -> Meta.uid(it).equals(Tree.text(reference, "uid")))
                        .isPresent();
    }

    /// With fresh eyes: delete the object when no owner lives, else drop the dead references. The owners are read
    /// before the object: an owner that let it go did so before it went itself.
    private List<Write> withoutOwners(WorkKey key, ObjectNode object) {
        List<String> dead = Owners.references(object).stream()
                .filter(reference -> {
                    Optional<WorkKey> owner = ownerKey(object, reference);
                    return !isAlive(reference, owner.flatMap(this::readFresh), owner);
                })
                .map(reference -> Tree.text(reference, "uid"))
                .toList();
        return readFresh(key)
                .filter(now -> Meta.uid(now).equals(Meta.uid(object)))
                .map(now -> withoutOwners(key, now, dead))
                .orElse(List.of());
    }

    private static List<Write> withoutOwners(WorkKey key, ObjectNode object, List<String> dead) {
        List<ObjectNode> references = Owners.references(object);
        List<ObjectNode> alive = references.stream()
                .filter(reference -> !dead.contains(Tree.text(reference, "uid")))
                .toList();
        if (alive.size() == references.size()) {
            return List.of();
        }
        return List.of(
                alive.isEmpty()
                        ? Write.Delete.of(key.resource(), object, "Background")
                        : references(key, object, alive));
    }

    private Optional<ObjectNode> readFresh(WorkKey key) {
        return client.get(key.resource(), key.namespace(), key.name());
    }

    /// With fresh eyes too: a dependent that the mirror has not seen yet would keep its reference, and go with its
    /// owner.
    private Decision orphan(WorkKey key, ObjectNode owner) {
        return Decision.of(
                "dependents are to be orphaned",
                Write.Outside.of("look at the dependents of " + key, () -> withoutDependents(key, owner)));
    }

    private List<Write> withoutDependents(WorkKey key, ObjectNode owner) {
        List<Write> out = new ArrayList<>();
        for (Resource resource : owned) {
            for (ObjectNode object :
                    client.list(resource, key.namespace(), Selection.ALL).items()) {
                List<ObjectNode> references = Owners.references(object);
                List<ObjectNode> rest = references.stream()
                        .filter(reference -> !Tree.text(reference, "uid").equals(Meta.uid(owner)))
                        .toList();
                if (rest.size() < references.size()) {
                    out.add(references(WorkKey.of(resource, object), object, rest));
                }
            }
        }
        out.add(withoutFinalizer(key, owner, ORPHAN));
        return out;
    }

    private Decision awaitDependents(Snapshot snapshot, WorkKey key, ObjectNode object) {
        List<Dependent> all = dependentsOf(snapshot, object);
        if (all.stream().noneMatch(dependent -> dependent.blocks(object))) {
            return Decision.of("no dependent is left", withoutFinalizer(key, object, FOREGROUND));
        }
        return Decision.of(
                "dependents go first",
                all.stream()
                        .filter(dependent -> !Meta.isBeingDeleted(dependent.object()))
                        .map(dependent -> deleteBefore(snapshot, dependent))
                        .toList());
    }

    private Write deleteBefore(Snapshot snapshot, Dependent dependent) {
        String propagation = dependentsOf(snapshot, dependent.object()).isEmpty() ? "Background" : "Foreground";
        return Write.Delete.of(dependent.key().resource(), dependent.object(), propagation);
    }

    private record Dependent(WorkKey key, ObjectNode object) {

        boolean blocks(JsonNode owner) {
            Predicate<ObjectNode> isOwner =
                    reference -> Tree.text(reference, "uid").equals(Meta.uid(owner));
            return Owners.references(object).stream()
                    .anyMatch(isOwner.and(reference -> Tree.flag(reference, "blockOwnerDeletion")));
        }
    }

    private List<Dependent> dependentsOf(Snapshot snapshot, JsonNode owner) {
        return dependents.stream()
                .flatMap(index -> snapshot.find(index, Meta.uid(owner)).stream()
                        .map(object -> new Dependent(WorkKey.of(index.resource(), object), object)))
                .toList();
    }

    /// Empty for kinds that this controller does not know.
    private Optional<WorkKey> ownerKey(JsonNode object, JsonNode reference) {
        return Stream.concat(owned.stream(), owners.stream())
                .filter(resource -> resource.kind().equals(Tree.text(reference, "kind"))
                        && resource.apiVersion().equals(Tree.text(reference, "apiVersion")))
                .findFirst()
                .map(resource -> new WorkKey(
                        resource, resource.namespaced() ? Meta.namespace(object) : "", Tree.text(reference, "name")));
    }

    private static Write references(WorkKey key, ObjectNode object, List<ObjectNode> references) {
        ObjectNode change = Json.object();
        ObjectNode meta = Tree.makeObject(change, "metadata");
        meta.put("resourceVersion", Meta.resourceVersion(object));
        ArrayNode list = meta.putArray("ownerReferences");
        references.forEach(reference -> list.add(reference.deepCopy()));
        return new Write.Patch(key.resource(), key.object(), "", change);
    }

    private static Write withoutFinalizer(WorkKey key, ObjectNode object, String finalizer) {
        ObjectNode change = Json.object();
        ObjectNode meta = Tree.makeObject(change, "metadata");
        meta.put("resourceVersion", Meta.resourceVersion(object));
        ArrayNode list = meta.putArray("finalizers");
        Tree.texts(object, "metadata", "finalizers").stream()
                .filter(name -> !name.equals(finalizer))
                .forEach(list::add);
        return new Write.Patch(key.resource(), key.object(), "", change);
    }
}
