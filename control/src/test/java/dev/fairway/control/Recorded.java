package dev.fairway.control;

import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.node.ObjectNode;

/// Remembers every write, as `verb plural namespace/name`.
final class Recorded implements ApiClient {

    private final ApiClient client;
    private final List<String> calls;

    Recorded(ApiClient client) {
        this(client, new CopyOnWriteArrayList<>());
    }

    private Recorded(ApiClient client, List<String> calls) {
        this.client = client;
        this.calls = calls;
    }

    /// Another client, remembered in the same list.
    Recorded beside(ApiClient other) {
        return new Recorded(other, calls);
    }

    List<String> calls() {
        return List.copyOf(calls);
    }

    private void note(String verb, Resource resource, ObjectKey key) {
        calls.add(verb + " " + resource.plural() + " " + key);
    }

    @Override
    public List<Resource> resources() {
        return client.resources();
    }

    @Override
    public Optional<ObjectNode> get(Resource resource, String namespace, String name) {
        return client.get(resource, namespace, name);
    }

    @Override
    public Listing list(Resource resource, String namespace, Selection selection) {
        return client.list(resource, namespace, selection);
    }

    @Override
    public Subscription watch(
            Resource resource, String namespace, Selection selection, String resourceVersion, WatchListener listener) {
        return client.watch(resource, namespace, selection, resourceVersion, listener);
    }

    @Override
    public ObjectNode create(Resource resource, ObjectNode object) {
        note("create", resource, Meta.key(object));
        return client.create(resource, object);
    }

    @Override
    public ObjectNode update(Resource resource, ObjectNode object) {
        note("update", resource, Meta.key(object));
        return client.update(resource, object);
    }

    @Override
    public ObjectNode updateStatus(Resource resource, ObjectNode object) {
        note("update-status", resource, Meta.key(object));
        return client.updateStatus(resource, object);
    }

    @Override
    public ObjectNode patch(
            Resource resource, String namespace, String name, String subresource, ObjectNode mergePatch) {
        note("patch", resource, new ObjectKey(namespace, name));
        return client.patch(resource, namespace, name, subresource, mergePatch);
    }

    @Override
    public ObjectNode createSubresource(
            Resource resource, String namespace, String name, String subresource, ObjectNode body) {
        note("create-" + subresource, resource, new ObjectKey(namespace, name));
        return client.createSubresource(resource, namespace, name, subresource, body);
    }

    @Override
    public void delete(Resource resource, String namespace, String name, DeleteOptions options) {
        note("delete", resource, new ObjectKey(namespace, name));
        client.delete(resource, namespace, name, options);
    }
}
