package dev.fairway.control.lifecycle;

import dev.fairway.control.lifecycle.Ownership.Found;
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
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Cleans up by ownership: objects whose owners are all gone are deleted; an owner deleted in the foreground waits for
/// its dependents; an owner deleted with `Orphan` lets them go.
public final class GarbageController implements Controller {

    private static final String ORPHAN = "orphan";

    private final ApiClient client;
    private final List<Resource> resources;
    private final List<Index> dependents;
    private final List<Index> uids;

    /// @param client for a fresh look at owners only: mirrors of different collections are not in step
    /// @param resources whose objects may own and be owned; owners of other kinds count as alive
    public GarbageController(ApiClient client, List<Resource> resources) {
        this.client = client;
        this.resources = List.copyOf(resources);
        this.dependents = resources.stream()
                .map(resource -> new Index(resource, "owner", Owners::uids))
                .toList();
        this.uids = resources.stream()
                .map(resource -> new Index(resource, "uid", object -> List.of(Meta.uid(object))))
                .toList();
    }

    /// The indexes that its decisions use.
    public List<Index> indexes() {
        return Stream.concat(dependents.stream(), uids.stream()).toList();
    }

    @Override
    public String name() {
        return "garbage-collector-controller";
    }

    @Override
    public List<Trigger> triggers() {
        return resources.stream()
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
        // Dependents look at an owner that is gone or waits for them; a waiting owner at dependents that let it go.
        if (now.isEmpty() || now.filter(Ownership::waits).isPresent()) {
            Stream.concat(before.stream(), now.stream())
                    .findFirst()
                    .ifPresent(object -> dependentsOf(snapshot, object).forEach(dependent -> out.add(dependent.key())));
        }
        before.ifPresent(object -> {
            if (!now.map(Owners::references).equals(Optional.of(Owners.references(object)))) {
                Owners.references(object)
                        .forEach(reference -> ownerKey(object, reference).ifPresent(out::add));
            }
        });
        return out;
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        return snapshot.get(key).map(object -> decide(snapshot, key, object)).orElse(Decision.NOTHING);
    }

    private Decision decide(Snapshot snapshot, WorkKey key, ObjectNode object) {
        if (Meta.isBeingDeleted(object)) {
            return Tree.texts(object, "metadata", "finalizers").contains(ORPHAN)
                    ? orphan(key, object)
                    : Ownership.waits(object) ? awaitDependents(snapshot, key, object) : Decision.NOTHING;
        }
        return Ownership.of(object, reference -> look(object, reference, snapshot::get))
                        .isUndisturbed()
                ? Decision.NOTHING
                : Decision.of(
                        "an owner is gone or waits",
                        Write.Outside.of("look at the owners of " + key, () -> leaveOwners(snapshot, key, object)));
    }

    private Found look(JsonNode object, JsonNode reference, Function<WorkKey, Optional<ObjectNode>> source) {
        return ownerKey(object, reference)
                .<Found>map(owner -> new Found.Place(source.apply(owner)))
                .orElse(new Found.Unknown());
    }

    /// With fresh eyes: delete the object when no owner lives, else drop the references to the others. The owners are
    /// read before the object: an owner that let it go did so before it went itself.
    private List<Write> leaveOwners(Snapshot snapshot, WorkKey key, ObjectNode object) {
        Ownership owners = Ownership.of(object, reference -> look(object, reference, this::readFresh));
        Optional<ObjectNode> now = readFresh(key)
                .filter(it -> Meta.uid(it).equals(Meta.uid(object)))
                .filter(it -> Owners.references(it).equals(Owners.references(object)) && !Meta.isBeingDeleted(it));
        if (now.isEmpty() || owners.isUndisturbed()) {
            return List.of();
        }
        List<Write> out = new ArrayList<>(misplacedOwners(snapshot, key, object, owners));
        if (owners.solid().isEmpty()) {
            out.addAll(delete(snapshot, key, now.get(), owners));
        } else {
            out.add(references(key, now.get(), owners.solid()));
        }
        return out;
    }

    /// In the foreground when an owner waits and there are dependents in turn. Objects that wait for each other in a
    /// circle are freed by no longer blocking their owners.
    private List<Write> delete(Snapshot snapshot, WorkKey key, ObjectNode object, Ownership owners) {
        List<Dependent> own = dependentsOf(snapshot, object);
        if (owners.waiting().isEmpty() || own.isEmpty()) {
            List<String> finalizers = Tree.texts(object, "metadata", "finalizers");
            String propagation = finalizers.contains(ORPHAN)
                    ? "Orphan"
                    : finalizers.contains(Ownership.FOREGROUND) ? "Foreground" : "Background";
            return List.of(Write.Delete.of(key.resource(), object, propagation));
        }
        List<Write> out = new ArrayList<>();
        if (own.stream().anyMatch(dependent -> Ownership.waits(dependent.object()))) {
            out.add(references(key, object, unblocking(object)));
        }
        out.add(Write.Delete.of(key.resource(), object, "Foreground"));
        return out;
    }

    private static List<ObjectNode> unblocking(ObjectNode object) {
        return Owners.references(object).stream()
                .map(reference -> reference.deepCopy().put("blockOwnerDeletion", false))
                .toList();
    }

    /// An owner must live in the namespace of its dependents or in none: tell people when it lives elsewhere.
    private List<Write> misplacedOwners(Snapshot snapshot, WorkKey key, ObjectNode object, Ownership owners) {
        return owners.absent().stream()
                .filter(reference -> uids.stream()
                        .flatMap(index -> snapshot.find(index, Tree.text(reference, "uid")).stream())
                        .anyMatch(owner -> !Meta.namespace(owner).isEmpty()
                                && !Meta.namespace(owner).equals(Meta.namespace(object))))
                .map(reference -> (Write) new Write.Announce(
                        key.resource(), object, true, "OwnerRefInvalidNamespace", misplaced(object, reference)))
                .toList();
    }

    private static String misplaced(JsonNode object, JsonNode reference) {
        String namespace = Meta.namespace(object);
        return "ownerRef [%s/%s, namespace: %s, name: %s, uid: %s] does not exist in namespace \"%s\""
                .formatted(
                        Tree.text(reference, "apiVersion"),
                        Tree.text(reference, "kind"),
                        namespace,
                        Tree.text(reference, "name"),
                        Tree.text(reference, "uid"),
                        namespace);
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
        for (Resource resource : resources) {
            if (key.resource().namespaced() && !resource.namespaced()) {
                continue;
            }
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

    /// The dependents themselves notice that their owner waits.
    private Decision awaitDependents(Snapshot snapshot, WorkKey key, ObjectNode object) {
        return dependentsOf(snapshot, object).stream().anyMatch(dependent -> dependent.blocks(object))
                ? Decision.NOTHING
                : Decision.of("no dependent is left", withoutFinalizer(key, object, Ownership.FOREGROUND));
    }

    private record Dependent(WorkKey key, ObjectNode object) {

        boolean blocks(JsonNode owner) {
            return Owners.references(object).stream()
                    .anyMatch(reference -> Tree.text(reference, "uid").equals(Meta.uid(owner))
                            && Tree.flag(reference, "blockOwnerDeletion"));
        }
    }

    private List<Dependent> dependentsOf(Snapshot snapshot, JsonNode owner) {
        return dependents.stream()
                .flatMap(index -> snapshot.find(index, Meta.uid(owner)).stream()
                        .map(object -> new Dependent(WorkKey.of(index.resource(), object), object)))
                .toList();
    }

    /// Empty for kinds that are not served, and for a namespaced owner of a cluster-wide object.
    private Optional<WorkKey> ownerKey(JsonNode object, JsonNode reference) {
        String namespace = Meta.namespace(object);
        return resources.stream()
                .filter(resource -> resource.kind().equals(Tree.text(reference, "kind"))
                        && resource.apiVersion().equals(Tree.text(reference, "apiVersion")))
                .filter(resource -> !(resource.namespaced() && namespace.isEmpty()))
                .findFirst()
                .map(resource ->
                        new WorkKey(resource, resource.namespaced() ? namespace : "", Tree.text(reference, "name")));
    }

    private static Write references(WorkKey key, ObjectNode object, List<ObjectNode> references) {
        ObjectNode change = Json.object();
        ObjectNode meta = Tree.makeObject(change, "metadata");
        meta.put("uid", Meta.uid(object)).put("resourceVersion", Meta.resourceVersion(object));
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
