package dev.fairway.control.lifecycle;

import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.Selection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Empties namespaces that are being deleted, pods first (KEP-5080), and then lets them go.
public final class NamespaceController implements Controller {

    private static final Duration NEXT_LOOK = Duration.ofMillis(500);

    private final ApiClient client;
    private final List<Resource> contents;

    /// @param client for fresh lists only: mirrors may lag behind the last objects created
    /// @param contents every namespaced collection
    public NamespaceController(ApiClient client, List<Resource> contents) {
        this.client = client;
        this.contents = List.copyOf(contents);
    }

    @Override
    public String name() {
        return "namespace-controller";
    }

    @Override
    public List<Trigger> triggers() {
        return List.of(Trigger.self(Resource.NAMESPACES));
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        return snapshot.get(key)
                .filter(Meta::isBeingDeleted)
                .filter(namespace ->
                        !Tree.texts(namespace, "spec", "finalizers").isEmpty())
                .map(this::empty)
                .orElse(Decision.NOTHING);
    }

    private Decision empty(ObjectNode namespace) {
        List<Write> out = new ArrayList<>();
        if (!Tree.text(namespace, "status", "phase").equals("Terminating")) {
            ObjectNode change = Json.object();
            Tree.makeObject(change, "status").put("phase", "Terminating");
            out.add(new Write.Patch(Resource.NAMESPACES, Meta.key(namespace), "status", change));
        }
        out.add(Write.Outside.of("list what is left in namespace " + Meta.name(namespace), () -> emptyStep(namespace)));
        return Decision.of("the namespace is being deleted", out).againAfter(NEXT_LOOK);
    }

    private List<Write> emptyStep(ObjectNode namespace) {
        List<Found> pods = contentsOf(List.of(Resource.PODS), namespace);
        List<Found> left = pods.isEmpty() ? contentsOf(contents, namespace) : pods;
        return left.isEmpty()
                ? List.of(finalizeWrite(namespace))
                : left.stream()
                        .filter(found -> !Meta.isBeingDeleted(found.object()))
                        .map(found -> (Write) Write.Delete.of(found.resource(), found.object()))
                        .toList();
    }

    private record Found(Resource resource, ObjectNode object) {}

    private List<Found> contentsOf(List<Resource> resources, ObjectNode namespace) {
        List<Found> out = new ArrayList<>();
        for (Resource resource : resources) {
            client.list(resource, Meta.name(namespace), Selection.ALL)
                    .items()
                    .forEach(object -> out.add(new Found(resource, object)));
        }
        return out;
    }

    private static Write finalizeWrite(ObjectNode namespace) {
        ObjectNode change = Json.object();
        Tree.makeObject(change, "metadata").put("uid", Meta.uid(namespace));
        Tree.makeObject(change, "spec").putArray("finalizers");
        return new Write.Patch(Resource.NAMESPACES, Meta.key(namespace), "finalize", change);
    }
}
