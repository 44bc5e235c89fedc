package dev.fairway.api;

import dev.fairway.api.kind.Kind;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.kind.Subresource;
import dev.fairway.api.registry.DeleteQuery;
import dev.fairway.api.registry.ListQuery;
import dev.fairway.api.registry.Listed;
import dev.fairway.api.registry.Refusal;
import dev.fairway.api.registry.Registry;
import dev.fairway.api.registry.Section;
import dev.fairway.api.registry.WatchQuery;
import dev.fairway.api.registry.WriteOptions;
import dev.fairway.api.security.Access;
import dev.fairway.api.security.Authorizer;
import dev.fairway.api.security.User;
import dev.fairway.api.security.token.ServiceAccountTokens;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.codec.Decoder;
import dev.fairway.schema.codec.FieldValidation;
import dev.fairway.schema.patch.MergePatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// The API for parts of the same process: what HTTP clients get, without HTTP. Each part has its own user, and no more
/// rights than that.
public final class LocalApiClient implements ApiClient {

    private final Registry registry;
    private final Kinds kinds;
    private final Authorizer authorizer;
    private final Optional<ServiceAccountTokens> tokens;
    private final User user;
    private final WriteOptions options;

    /// A client that gets no tokens.
    ///
    /// @param user on whose behalf this client acts
    public LocalApiClient(Registry registry, Kinds kinds, Authorizer authorizer, User user) {
        this(registry, kinds, authorizer, Optional.empty(), user);
    }

    LocalApiClient(
            Registry registry, Kinds kinds, Authorizer authorizer, Optional<ServiceAccountTokens> tokens, User user) {
        this.registry = registry;
        this.kinds = kinds;
        this.authorizer = authorizer;
        this.tokens = tokens;
        this.user = user;
        this.options = WriteOptions.of(user);
    }

    @Override
    public List<Resource> resources() {
        return kinds.all().stream().map(Kind::resource).toList();
    }

    @Override
    public Optional<ObjectNode> get(Resource resource, String namespace, String name) {
        require("get", resource, "", namespace, name);
        try {
            return Optional.of(registry.get(kind(resource), namespace, name));
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public Listing list(Resource resource, String namespace, Selection selection) {
        List<ObjectNode> items = new ArrayList<>();
        String revision = listEach(resource, namespace, selection, items::add);
        return new Listing(items, revision);
    }

    @Override
    public String listEach(Resource resource, String namespace, Selection selection, Consumer<ObjectNode> each) {
        requireAll("list", resource, namespace, selection);
        Listed listed = registry.list(kind(resource), ListQuery.of(namespace, selection));
        listed.eachLean(each);
        return listed.resourceVersion();
    }

    @Override
    public Subscription watch(
            Resource resource, String namespace, Selection selection, String resourceVersion, WatchListener listener) {
        requireAll("watch", resource, namespace, selection);
        WatchQuery query = WatchQuery.of(namespace, selection, resourceVersion);
        return LocalSubscription.start(registry.watch(kind(resource), query), resource, listener);
    }

    @Override
    public ObjectNode create(Resource resource, ObjectNode object) {
        require("create", resource, "", Meta.namespace(object), Meta.name(object));
        return registry.create(kind(resource), Meta.namespace(object), conform(resource, object), options)
                .object();
    }

    @Override
    public ObjectNode update(Resource resource, ObjectNode object) {
        require("update", resource, "", Meta.namespace(object), Meta.name(object));
        return replace(resource, Section.MAIN, object);
    }

    @Override
    public ObjectNode updateStatus(Resource resource, ObjectNode object) {
        require("update", resource, "status", Meta.namespace(object), Meta.name(object));
        return replace(resource, Section.STATUS, object);
    }

    private ObjectNode replace(Resource resource, Section section, ObjectNode object) {
        return registry.replace(kind(resource), Meta.namespace(object), Meta.name(object), section, object, options)
                .object();
    }

    @Override
    public ObjectNode patch(
            Resource resource, String namespace, String name, String subresource, ObjectNode mergePatch) {
        require("patch", resource, subresource, namespace, name);
        Kind kind = kind(resource);
        Section section = section(kind, subresource);
        return registry.change(
                        kind,
                        namespace,
                        name,
                        section,
                        old -> conform(resource, MergePatch.apply(old, mergePatch)),
                        options)
                .object();
    }

    private static Section section(Kind kind, String subresource) {
        if (subresource.isEmpty()) {
            return Section.MAIN;
        }
        Subresource found = Subresource.find(subresource).filter(kind::has).orElseThrow(Refusal::noSuchPath);
        return Section.of(found).orElseThrow(Refusal::methodNotAllowed);
    }

    @Override
    public void delete(Resource resource, String namespace, String name, DeleteOptions delete) {
        require("delete", resource, "", namespace, name);
        DeleteQuery query = new DeleteQuery(delete.graceSeconds(), delete.uid(), "", delete.propagation());
        registry.delete(kind(resource), namespace, name, query, options);
    }

    @Override
    public ObjectNode createSubresource(
            Resource resource, String namespace, String name, String subresource, ObjectNode body) {
        require("create", resource, subresource, namespace, name);
        if (resource.equals(Resource.SERVICE_ACCOUNTS) && subresource.equals(Subresource.TOKEN.path())) {
            return tokens.orElseThrow(Refusal::methodNotAllowed).answer(user, namespace, name, body);
        }
        throw Refusal.methodNotAllowed();
    }

    private void require(String verb, Resource resource, String subresource, String namespace, String name) {
        authorizer.require(
                user, new Access.ToResource(verb, resource.group(), resource.plural(), subresource, namespace, name));
    }

    private void requireAll(String verb, Resource resource, String namespace, Selection selection) {
        authorizer.require(
                user,
                Access.ToResource.collection(verb, resource.group(), resource.plural(), namespace, selection.fields()));
    }

    /// The form that HTTP clients' objects get when they are decoded. Unknown fields are our own mistake: refused.
    private static ObjectNode conform(Resource resource, ObjectNode object) {
        Decoder.Expected expected = new Decoder.Expected(resource.apiVersion(), resource.kind());
        return Decoder.conform(object, expected, FieldValidation.STRICT).object();
    }

    private Kind kind(Resource resource) {
        return kinds.find(resource.group(), resource.version(), resource.plural())
                .orElseThrow(Refusal::noSuchPath);
    }
}
