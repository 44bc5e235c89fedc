package dev.fairway.scenarios.race;

import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.node.ObjectNode;

/// The servers as one API, as behind a load balancer that knows nothing of their health: each list and each watch goes
/// to the next one. Counts the lists.
final class ListCounter implements ApiClient {

    private final List<? extends ApiClient> servers;
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();

    ListCounter(List<? extends ApiClient> servers) {
        this.servers = List.copyOf(servers);
    }

    /// How many lists were answered.
    int answered() {
        return answered.get();
    }

    private ApiClient next() {
        return servers.get(Math.floorMod(turns.getAndIncrement(), servers.size()));
    }

    @Override
    public Listing list(Resource resource, String namespace, Selection selection) {
        Listing listing = next().list(resource, namespace, selection);
        answered.incrementAndGet();
        return listing;
    }

    @Override
    public Subscription watch(
            Resource resource, String namespace, Selection selection, String resourceVersion, WatchListener listener) {
        return next().watch(resource, namespace, selection, resourceVersion, listener);
    }

    @Override
    public List<Resource> resources() {
        return next().resources();
    }

    @Override
    public Optional<ObjectNode> get(Resource resource, String namespace, String name) {
        return next().get(resource, namespace, name);
    }

    @Override
    public ObjectNode create(Resource resource, ObjectNode object) {
        return next().create(resource, object);
    }

    @Override
    public ObjectNode update(Resource resource, ObjectNode object) {
        return next().update(resource, object);
    }

    @Override
    public ObjectNode updateStatus(Resource resource, ObjectNode object) {
        return next().updateStatus(resource, object);
    }

    @Override
    public ObjectNode patch(
            Resource resource, String namespace, String name, String subresource, ObjectNode mergePatch) {
        return next().patch(resource, namespace, name, subresource, mergePatch);
    }

    @Override
    public void delete(Resource resource, String namespace, String name, DeleteOptions options) {
        next().delete(resource, namespace, name, options);
    }

    @Override
    public ObjectNode createSubresource(
            Resource resource, String namespace, String name, String subresource, ObjectNode body) {
        return next().createSubresource(resource, namespace, name, subresource, body);
    }
}
