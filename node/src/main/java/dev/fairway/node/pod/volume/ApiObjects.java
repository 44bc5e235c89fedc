package dev.fairway.node.pod.volume;

import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/// What volumes and variables are made from, read from the API. One of these is one look: an object is asked for once,
/// however many pods show it.
public final class ApiObjects {

    private record Key(Resource resource, String namespace, String name) {}

    private final ApiClient client;
    private final Map<Key, Optional<ObjectNode>> seen = new ConcurrentHashMap<>();

    public ApiObjects(ApiClient client) {
        this.client = client;
    }

    public Optional<ObjectNode> find(Resource resource, String namespace, String name) {
        return seen.computeIfAbsent(
                new Key(resource, namespace, name), key -> client.get(key.resource(), key.namespace(), key.name()));
    }

    /// A token of the pod's service account that ends with the pod.
    ///
    /// @param audience empty for the API itself
    String token(Owner pod, String account, String audience, long seconds) {
        ObjectNode request =
                Json.object().put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
        ObjectNode spec = request.putObject("spec").put("expirationSeconds", seconds);
        if (!audience.isEmpty()) {
            spec.putArray("audiences").add(audience);
        }
        spec.putObject("boundObjectRef")
                .put("apiVersion", "v1")
                .put("kind", "Pod")
                .put("name", pod.name())
                .put("uid", pod.uid());
        ObjectNode answer =
                client.createSubresource(Resource.SERVICE_ACCOUNTS, pod.namespace(), account, "token", request);
        return Tree.text(answer, "status", "token");
    }

    /// The pod that a token is for.
    record Owner(String namespace, String name, String uid) {}
}
