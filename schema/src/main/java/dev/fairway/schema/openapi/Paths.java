package dev.fairway.schema.openapi;

import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The paths of served collections with their operations.
final class Paths {

    private static final List<String> COLLECTION = List.of("list", "create", "deletecollection");
    private static final List<String> ITEM = List.of("get", "update", "patch", "delete");

    private final Dialect dialect;
    private final Schemas schemas;
    private final ObjectNode out;

    /// @param out where the paths go
    Paths(Dialect dialect, Schemas schemas, ObjectNode out) {
        this.dialect = dialect;
        this.schemas = schemas;
        this.out = out;
    }

    void add(Served served) {
        Resource resource = served.resource();
        String root = (resource.group().isEmpty() ? "/api/" : "/apis/") + resource.apiVersion() + "/";
        String collection = root + (resource.namespaced() ? "namespaces/{namespace}/" : "") + resource.plural();
        String item = collection + "/{name}";
        COLLECTION.stream().filter(served.verbs()::contains).forEach(verb -> add(collection, verb, resource));
        ITEM.stream().filter(served.verbs()::contains).forEach(verb -> add(item, verb, resource));
        if (resource.namespaced() && served.verbs().contains("list")) {
            add(root + resource.plural(), "list", resource);
        }
        for (Served.Subresource sub : served.subresources()) {
            String target = resource.plural() + "/" + sub.name();
            for (String verb : sub.verbs()) {
                add(item + "/" + sub.name(), new Operation(verb, sub.apiVersion(), sub.kind(), target));
            }
        }
    }

    private void add(String path, String verb, Resource resource) {
        add(path, new Operation(verb, resource.apiVersion(), resource.kind(), resource.plural()));
    }

    private void add(String path, Operation operation) {
        boolean fresh = !out.has(path);
        ObjectNode item = Tree.makeObject(out, path);
        item.set(operation.method(), operation.toJson(dialect, schemas));
        if (fresh) {
            parameters(path, item);
        }
    }

    private void parameters(String path, ObjectNode item) {
        ArrayNode list = item.arrayNode();
        if (path.contains("{namespace}")) {
            list.add(Parameters.path("namespace", "The namespace.").toJson(dialect));
        }
        if (path.contains("{name}")) {
            list.add(Parameters.path("name", "The object's name.").toJson(dialect));
        }
        if (!list.isEmpty()) {
            item.set("parameters", list);
        }
    }
}
