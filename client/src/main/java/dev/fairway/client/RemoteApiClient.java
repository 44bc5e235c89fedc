package dev.fairway.client;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// The API of a server somewhere else, over HTTPS and JSON. A server that cannot be reached is a refusal with code 503;
/// nothing is tried twice here, because whoever calls (a Mirror, a control loop) has its own back-off.
public final class RemoteApiClient implements ApiClient, AutoCloseable {

    /// Long lists come in pages, all of the same revision.
    private static final int PAGE = 500;

    private final Transport transport;

    private RemoteApiClient(Transport transport) {
        this.transport = transport;
    }

    /// Reads the kubeconfig's current context. Nothing is asked of the server yet. Tokens that the kubeconfig names by
    /// file or command are read anew when the server no longer accepts them.
    ///
    /// @param component who writes: the field manager and user agent of all requests
    /// @throws IOException when the file cannot be read or names no server
    public static RemoteApiClient open(Path kubeconfig, String component) throws IOException {
        return new RemoteApiClient(Transport.open(kubeconfig, component));
    }

    /// Where the server is.
    public String server() {
        return transport.server();
    }

    /// Who certifies the server, as the kubeconfig says; none when it names nobody.
    public List<X509Certificate> authorities() {
        return transport.authorities();
    }

    @Override
    public List<Resource> resources() {
        List<Resource> out = new ArrayList<>(ServedResources.of(transport.get(ApiPath.plain("/api/v1"))));
        for (ObjectNode group : Tree.objects(transport.get(ApiPath.plain("/apis")), "groups")) {
            String version = Tree.text(group, "preferredVersion", "groupVersion");
            out.addAll(ServedResources.of(transport.get(ApiPath.plain("/apis/" + version))));
        }
        return List.copyOf(out);
    }

    @Override
    public Optional<ObjectNode> get(Resource resource, String namespace, String name) {
        try {
            return Optional.of(typed(resource, transport.get(ApiPath.of(resource, namespace, name))));
        } catch (ApiException e) {
            if (e.isNotFound() && e.details().name().equals(name)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public Listing list(Resource resource, String namespace, Selection selection) {
        ApiPath path = ApiPath.of(resource, namespace, "").select(selection);
        try {
            return pages(resource, path.with("limit", Integer.toString(PAGE)));
        } catch (ApiException e) {
            if (!e.isExpired()) {
                throw e;
            }
            // The first pages are too old for the next ones: all in one piece then.
            return pages(resource, path);
        }
    }

    @Override
    public String listEach(Resource resource, String namespace, Selection selection, Consumer<ObjectNode> each) {
        ApiPath path = ApiPath.of(resource, namespace, "").select(selection);
        return pages(resource, path.with("limit", Integer.toString(PAGE)), each);
    }

    private Listing pages(Resource resource, ApiPath path) {
        List<ObjectNode> items = new ArrayList<>();
        String revision = pages(resource, path, items::add);
        return new Listing(items, revision);
    }

    private String pages(Resource resource, ApiPath path, Consumer<ObjectNode> each) {
        ApiPath next = path;
        while (true) {
            ObjectNode page = transport.list(next, item -> each.accept(typed(resource, item)));
            String more = Tree.text(page, "metadata", "continue");
            if (more.isEmpty()) {
                return Meta.resourceVersion(page);
            }
            next = path.with("continue", more);
        }
    }

    @Override
    public Subscription watch(
            Resource resource, String namespace, Selection selection, String resourceVersion, WatchListener listener) {
        ApiPath path = ApiPath.of(resource, namespace, "")
                .select(selection)
                .with("watch", "true")
                .with("allowWatchBookmarks", "true")
                .with("resourceVersion", resourceVersion);
        return WatchStream.open(transport, path, listener);
    }

    @Override
    public ObjectNode create(Resource resource, ObjectNode object) {
        return transport.send("POST", ApiPath.of(resource, Meta.namespace(object), ""), typed(resource, object));
    }

    @Override
    public ObjectNode update(Resource resource, ObjectNode object) {
        return transport.send("PUT", pathOf(resource, object), typed(resource, object));
    }

    @Override
    public ObjectNode updateStatus(Resource resource, ObjectNode object) {
        return transport.send("PUT", pathOf(resource, object).sub("status"), typed(resource, object));
    }

    @Override
    public ObjectNode patch(
            Resource resource, String namespace, String name, String subresource, ObjectNode mergePatch) {
        return transport.mergePatch(ApiPath.of(resource, namespace, name).sub(subresource), mergePatch);
    }

    @Override
    public ObjectNode createSubresource(
            Resource resource, String namespace, String name, String subresource, ObjectNode body) {
        return transport.send("POST", ApiPath.of(resource, namespace, name).sub(subresource), body);
    }

    @Override
    public void delete(Resource resource, String namespace, String name, DeleteOptions options) {
        ObjectNode body = Json.object().put("apiVersion", "v1").put("kind", "DeleteOptions");
        if (options.graceSeconds() >= 0) {
            body.put("gracePeriodSeconds", options.graceSeconds());
        }
        if (!options.uid().isEmpty()) {
            Tree.makeObject(body, "preconditions").put("uid", options.uid());
        }
        if (!options.propagation().isEmpty()) {
            body.put("propagationPolicy", options.propagation());
        }
        transport.delete(ApiPath.of(resource, namespace, name), body);
    }

    private static ApiPath pathOf(Resource resource, ObjectNode object) {
        return ApiPath.of(resource, Meta.namespace(object), Meta.name(object));
    }

    /// Items of lists come without their kind from some servers, and callers may leave it out.
    private static ObjectNode typed(Resource resource, ObjectNode object) {
        if (object.has("apiVersion") && object.has("kind")) {
            return object;
        }
        ObjectNode out = Json.object().put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        object.properties().forEach(field -> out.set(field.getKey(), field.getValue()));
        return out;
    }

    /// Ends the connections; open watches end.
    @Override
    public void close() {
        transport.close();
    }
}
