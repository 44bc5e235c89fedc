package dev.fairway.control.lifecycle;

import dev.fairway.control.lifecycle.NamespaceContents.Found;
import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Canonical;
import dev.fairway.schema.ApiException;
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
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Empties namespaces that are being deleted, pods first (KEP-5080), and then lets them go. What is in the way is told
/// in the conditions of the namespace.
public final class NamespaceController implements Controller {

    private static final Duration NEXT_LOOK = Duration.ofMillis(500);
    private static final String FINALIZER = "kubernetes";

    private final ApiClient client;

    /// @param client for fresh lists: of the collections that are served, and of their objects, which mirrors may not
    ///     show yet
    public NamespaceController(ApiClient client) {
        this.client = client;
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
                .filter(namespace -> Tree.texts(namespace, "spec", "finalizers").contains(FINALIZER))
                .map(namespace -> empty(namespace, now))
                .orElse(Decision.NOTHING);
    }

    private Decision empty(ObjectNode namespace, Instant now) {
        Write look = new Write.Outside(
                "list what is left in namespace " + Meta.name(namespace),
                () -> emptyStep(namespace, now),
                failure -> told(namespace, NamespaceConditions.undiscovered(namespace, failure, now)));
        return Decision.of("the namespace is being deleted", look).againAfter(NEXT_LOOK);
    }

    private List<Write> emptyStep(ObjectNode namespace, Instant now) {
        NamespaceContents left = contents(namespace, List.of(Resource.PODS));
        if (left.isEmpty()) {
            left = contents(namespace, client.resources());
        }
        if (left.isEmpty()) {
            return List.of(finalizeWrite(namespace));
        }
        List<Write> out = new ArrayList<>(told(namespace, NamespaceConditions.remaining(namespace, left, now)));
        for (Found found : left.notYetDeleted()) {
            out.add(Write.Delete.of(found.resource(), found.object(), "Background"));
        }
        return out;
    }

    private NamespaceContents contents(ObjectNode namespace, List<Resource> resources) {
        List<Found> found = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (Resource resource : resources) {
            if (!resource.namespaced()) {
                continue;
            }
            try {
                client.list(resource, Meta.name(namespace), Selection.ALL)
                        .items()
                        .forEach(object -> found.add(new Found(resource, object)));
            } catch (ApiException e) {
                failures.add(resource.qualifiedName() + ": " + e.text());
            }
        }
        return new NamespaceContents(found, failures);
    }

    private static List<Write> told(ObjectNode namespace, ObjectNode wanted) {
        return Canonical.equal(namespace, wanted)
                ? List.of()
                : List.of(new Write.UpdateStatus(Resource.NAMESPACES, wanted));
    }

    /// Other finalizers are others' business.
    private static Write finalizeWrite(ObjectNode namespace) {
        ObjectNode change = Json.object();
        Tree.makeObject(change, "metadata").put("uid", Meta.uid(namespace));
        ArrayNode rest = Tree.makeObject(change, "spec").putArray("finalizers");
        Tree.texts(namespace, "spec", "finalizers").stream()
                .filter(name -> !name.equals(FINALIZER))
                .forEach(rest::add);
        return new Write.Patch(Resource.NAMESPACES, Meta.key(namespace), "finalize", change);
    }
}
