package dev.fairway.control.workloads;

import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Owners;
import dev.fairway.control.object.Pods;
import dev.fairway.schema.Json;
import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes orphans that match the selector own objects, and lets own objects go that match no more.
///
/// @param client for a fresh look at who adopts: a mirror shows an owner for a moment longer than it lives, and what it
///     let go as orphans would be taken back, and go with it
record PodAdoption(ApiClient client) {

    /// @param resource the collection of the set
    /// @param owned the pods that the set controls now
    List<Write> plan(Snapshot snapshot, Resource resource, ObjectNode set, Collection<ObjectNode> owned) {
        LabelSelector selector = WorkloadKeys.selectorOf(resource, set);
        List<Write> out = new ArrayList<>();
        owned.stream()
                .filter(pod -> !selector.matches(Meta.labels(pod)) && !Meta.isBeingDeleted(pod))
                .forEach(pod -> out.add(release(Resource.PODS, pod, set)));
        out.addAll(adopt(Resource.PODS, orphans(snapshot, set, selector), resource, set));
        return out;
    }

    /// @param resource the collection of the orphans
    List<Write> adopt(Resource resource, List<ObjectNode> orphans, Resource ownerResource, ObjectNode owner) {
        return orphans.isEmpty()
                ? List.of()
                : List.of(Write.Outside.of(
                        "look whether " + WorkKey.of(ownerResource, owner) + " may adopt",
                        () -> lives(ownerResource, owner)
                                ? orphans.stream()
                                        .map(orphan -> adopted(resource, orphan, ownerResource, owner))
                                        .toList()
                                : List.of()));
    }

    private boolean lives(Resource resource, ObjectNode owner) {
        return client.get(resource, Meta.namespace(owner), Meta.name(owner))
                .filter(now -> Meta.uid(now).equals(Meta.uid(owner)) && !Meta.isBeingDeleted(now))
                .isPresent();
    }

    private static List<ObjectNode> orphans(Snapshot snapshot, ObjectNode set, LabelSelector selector) {
        // An empty selector chooses nothing here: the API refuses it, and it must never adopt a whole namespace.
        if (selector.isEverything()) {
            return List.of();
        }
        return WorkloadKeys.podsMatching(snapshot, set, selector).stream()
                .filter(pod -> Meta.controller(pod).isEmpty() && Pods.isActive(pod))
                .toList();
    }

    private static Write adopted(Resource resource, ObjectNode object, Resource ownerResource, ObjectNode owner) {
        List<ObjectNode> references = new ArrayList<>(Owners.references(object));
        references.add(Owners.controllerReference(ownerResource, owner));
        return patch(resource, object, references);
    }

    private static Write release(Resource resource, ObjectNode object, ObjectNode owner) {
        return patch(
                resource,
                object,
                Owners.references(object).stream()
                        .filter(reference -> !Tree.text(reference, "uid").equals(Meta.uid(owner)))
                        .toList());
    }

    /// The resource version makes sure that no other change to the references is lost.
    private static Write patch(Resource resource, ObjectNode object, List<ObjectNode> references) {
        ObjectNode change = Json.object();
        ObjectNode meta = Tree.makeObject(change, "metadata");
        meta.put("resourceVersion", Meta.resourceVersion(object));
        ArrayNode list = meta.putArray("ownerReferences");
        references.forEach(reference -> list.add(reference.deepCopy()));
        return new Write.Patch(resource, Meta.key(object), "", change);
    }
}
