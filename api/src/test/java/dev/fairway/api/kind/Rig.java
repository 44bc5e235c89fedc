package dev.fairway.api.kind;

import dev.fairway.api.registry.DeleteQuery;
import dev.fairway.api.registry.ListQuery;
import dev.fairway.api.registry.Registry;
import dev.fairway.api.registry.Section;
import dev.fairway.api.registry.WriteOptions;
import dev.fairway.api.registry.Written;
import dev.fairway.api.security.User;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.store.Store;
import dev.fairway.store.Stores;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// A whole registry over a memory store, and short words to use it. JSON is written with single quotes.
final class Rig implements AutoCloseable {

    private static final User ADMIN = User.authenticated("admin", List.of(User.MASTERS));
    private static final WriteOptions PLAIN = WriteOptions.of(ADMIN);

    private final Store store = Stores.memory();
    private final Registry registry = Registry.open(store, InstantSource.system(), new Random(7));
    private final Kinds kinds;

    Rig(ServiceRanges ranges) {
        kinds = Kinds.standard(ranges);
        create(Resource.NAMESPACES, "default", "{}");
        create(Resource.NAMESPACES, "other", "{}");
    }

    /// A served kind's resource by its plural.
    static Resource resource(String plural) {
        return Kinds.standard().all().stream()
                .map(Kind::resource)
                .filter(each -> each.plural().equals(plural))
                .findFirst()
                .orElseThrow();
    }

    static ObjectNode json(String text) {
        return Json.parse(text.replace('\'', '"'));
    }

    ObjectNode create(Resource resource, String name, String body) {
        return create(resource, "default", name, body, false);
    }

    ObjectNode create(Resource resource, String namespace, String name, String body, boolean dryRun) {
        ObjectNode object = json(body);
        Tree.makeObject(object, "metadata").put("name", name);
        Kind kind = kinds.get(resource);
        String where = resource.namespaced() ? namespace : "";
        return registry.create(kind, where, object, new WriteOptions(dryRun, ADMIN, ""))
                .object();
    }

    Written write(Resource resource, String name, String body) {
        ObjectNode object = json(body);
        Tree.makeObject(object, "metadata").put("name", name);
        return registry.create(kinds.get(resource), resource.namespaced() ? "default" : "", object, PLAIN);
    }

    ObjectNode service(String name, String spec) {
        return create(Resource.SERVICES, name, "{'spec':" + spec + "}");
    }

    ObjectNode get(Resource resource, String name) {
        return registry.get(kinds.get(resource), resource.namespaced() ? "default" : "", name);
    }

    List<ObjectNode> list(Resource resource, ListQuery query) {
        return registry.list(kinds.get(resource), query).items();
    }

    /// PUT of the object without a resourceVersion.
    Written replace(Resource resource, String name, Section section, ObjectNode object) {
        ObjectNode asked = object.deepCopy();
        Tree.makeObject(asked, "metadata").remove("resourceVersion");
        return registry.replace(
                kinds.get(resource), resource.namespaced() ? "default" : "", name, section, asked, PLAIN);
    }

    /// Changes the standing object and puts it back.
    ObjectNode edit(Resource resource, String name, Consumer<ObjectNode> edit) {
        ObjectNode object = get(resource, name).deepCopy();
        edit.accept(object);
        return replace(resource, name, Section.MAIN, object).object();
    }

    /// PUT of a Service with just this spec.
    ObjectNode putService(String name, String spec) {
        ObjectNode object = json("{'spec':" + spec + "}");
        Tree.makeObject(object, "metadata").put("name", name);
        return replace(Resource.SERVICES, name, Section.MAIN, object).object();
    }

    /// Merges fields into the spec of a Service; null takes one away.
    ObjectNode patchService(String name, String spec) {
        return edit(Resource.SERVICES, name, service -> merge(Tree.makeObject(service, "spec"), json(spec)));
    }

    private static void merge(ObjectNode target, ObjectNode change) {
        change.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                target.remove(field.getKey());
            } else {
                target.set(field.getKey(), field.getValue());
            }
        });
    }

    /// Creates a Service, or only seems to.
    ObjectNode dryRun(String name, ObjectNode spec) {
        return create(Resource.SERVICES, "default", name, "{'spec':" + Json.toText(spec) + "}", true);
    }

    /// Merges fields into the spec of a Service without keeping the result; null takes one away.
    ObjectNode dryPatch(String name, ObjectNode spec) {
        UnaryOperator<ObjectNode> edit = service -> {
            merge(Tree.makeObject(service, "spec"), spec);
            return service;
        };
        return registry.change(
                        kinds.get(Resource.SERVICES),
                        "default",
                        name,
                        Section.MAIN,
                        edit,
                        new WriteOptions(true, ADMIN, ""))
                .object();
    }

    List<ObjectNode> services() {
        return registry.list(kinds.get(Resource.SERVICES), ListQuery.of("default", Selection.ALL))
                .items();
    }

    void delete(Resource resource, String name) {
        registry.delete(kinds.get(resource), resource.namespaced() ? "default" : "", name, DeleteQuery.DEFAULT, PLAIN);
    }

    /// What is taken: `ip/10.96.0.1`, `nodeport/30007`.
    List<String> allocations() {
        Stream<String> addresses = names(Claims.ADDRESSES).map(name -> "ip/" + name);
        return Stream.concat(addresses, names(Claims.NODE_PORTS).map(name -> "nodeport/" + name))
                .toList();
    }

    /// What the store holds under a key.
    ObjectNode stored(String key) {
        return Json.parse(store.get(key).orElseThrow().value());
    }

    static String shortKey(String key) {
        return key.replace(Claims.ADDRESSES, "ip/").replace(Claims.NODE_PORTS, "nodeport/");
    }

    private Stream<String> names(String prefix) {
        return store.list(prefix).entries().stream().map(entry -> entry.key().substring(prefix.length()));
    }

    /// What a refused write said, without the part that names the object; empty when it was not refused.
    static String refusal(Runnable write) {
        try {
            write.run();
            return "";
        } catch (ApiException e) {
            String text = e.text();
            int says = text.indexOf(" is invalid: ");
            return says < 0 ? text : text.substring(says + " is invalid: ".length());
        }
    }

    @Override
    public void close() {
        registry.close();
        store.close();
    }
}
