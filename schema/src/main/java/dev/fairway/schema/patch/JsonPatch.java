package dev.fairway.schema.patch;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON patch, RFC 6902.
public final class JsonPatch {

    /// More operations than these are refused, as the API does.
    public static final int OPERATIONS_MAX = 10_000;

    /// What all `copy` operations together may add, in bytes: copies of copies would grow without bounds.
    private static final int COPIED_BYTES_MAX = 3 << 20;

    /// As deep as the parser lets bodies nest: deeper trees could overflow the stack of whoever walks them.
    private static final int DEPTH_MAX = 500;

    private JsonNode root;
    private long copiedBytes;

    /// No part of the root is deeper.
    private int depthBound;

    private JsonPatch(JsonNode root) {
        this.root = root;
        this.depthBound = depth(root);
    }

    /// A new object; neither argument is changed.
    ///
    /// @throws dev.fairway.schema.ApiException 400 for a malformed patch, 413 for one that is too large, 422
    ///     when an operation does not fit the object or a `test` fails
    public static ObjectNode apply(ObjectNode object, JsonNode patch) {
        if (!(patch instanceof ArrayNode operations)) {
            throw Refusal.malformed("JSON patch: expected a list of operations");
        }
        if (operations.size() > OPERATIONS_MAX) {
            throw Refusal.tooLarge("the allowed maximum operations in a JSON patch is " + OPERATIONS_MAX + ", got "
                    + operations.size());
        }
        JsonPatch patched = new JsonPatch(object.deepCopy());
        operations.forEach(patched::apply);
        if (patched.root instanceof ObjectNode result) {
            return result;
        }
        throw Refusal.unfit("JSON patch: the result is no object");
    }

    private void apply(JsonNode operation) {
        String op = Tree.text(operation, "op");
        switch (op) {
            case "add" -> addNew(pointer(operation, "path"), value(operation).deepCopy());
            case "remove" -> remove(pointer(operation, "path"));
            case "replace" ->
                replace(pointer(operation, "path"), value(operation).deepCopy());
            case "move" -> move(pointer(operation, "from"), pointer(operation, "path"));
            case "copy" -> addNew(pointer(operation, "path"), copied(pointer(operation, "from")));
            case "test" -> test(pointer(operation, "path"), value(operation));
            default ->
                throw Refusal.malformed(
                        "JSON patch: op \"" + op + "\" is none of add, remove, replace, move, copy, test");
        }
    }

    private static JsonPointer pointer(JsonNode operation, String field) {
        JsonNode found = operation.get(field);
        if (found == null || !found.isString()) {
            throw Refusal.malformed("JSON patch: operation " + operation + " lacks the field \"" + field + "\"");
        }
        return JsonPointer.parse(found.stringValue());
    }

    private static JsonNode value(JsonNode operation) {
        JsonNode found = operation.get("value");
        if (found == null) {
            throw Refusal.malformed("JSON patch: operation " + operation + " lacks the field \"value\"");
        }
        return found;
    }

    private void addNew(JsonPointer path, JsonNode value) {
        deepen(path, depth(value));
        add(path, value);
    }

    private void deepen(JsonPointer path, int depth) {
        depthBound = Math.max(depthBound, path.steps().size() + depth);
        if (depthBound > DEPTH_MAX) {
            throw Refusal.tooLarge("JSON patch: the result would be nested deeper than " + DEPTH_MAX);
        }
    }

    private static int depth(JsonNode node) {
        int deepest = 0;
        for (JsonNode child : node) {
            deepest = Math.max(deepest, depth(child));
        }
        return deepest + 1;
    }

    private void add(JsonPointer path, JsonNode value) {
        if (path.isRoot()) {
            root = value;
            return;
        }
        JsonNode parent = path.parentIn(root);
        if (parent instanceof ObjectNode object) {
            object.set(path.last(), value);
        } else if (parent instanceof ArrayNode list) {
            list.insert(path.last().equals("-") ? list.size() : path.index(path.last(), list.size()), value);
        } else {
            throw path.missing();
        }
    }

    private JsonNode remove(JsonPointer path) {
        if (path.isRoot()) {
            throw Refusal.unfit("JSON patch: the whole object cannot be removed");
        }
        JsonNode removed = path.in(root);
        JsonNode parent = path.parentIn(root);
        if (parent instanceof ObjectNode object) {
            object.remove(path.last());
        } else if (parent instanceof ArrayNode list) {
            list.remove(path.index(path.last(), list.size() - 1));
        }
        return removed;
    }

    private void replace(JsonPointer path, JsonNode value) {
        deepen(path, depth(value));
        if (path.isRoot()) {
            root = value;
            return;
        }
        path.in(root);
        JsonNode parent = path.parentIn(root);
        if (parent instanceof ObjectNode object) {
            object.set(path.last(), value);
        } else if (parent instanceof ArrayNode list) {
            list.set(path.index(path.last(), list.size() - 1), value);
        }
    }

    private void move(JsonPointer from, JsonPointer path) {
        if (path.isWithin(from) && !path.equals(from)) {
            throw Refusal.malformed(
                    "JSON patch: \"" + from.text() + "\" cannot be moved into itself at \"" + path.text() + "\"");
        }
        deepen(path, depthBound - from.steps().size());
        add(path, remove(from));
    }

    private JsonNode copied(JsonPointer from) {
        JsonNode source = from.in(root);
        copiedBytes += Json.toBytes(source).length;
        if (copiedBytes > COPIED_BYTES_MAX) {
            throw Refusal.tooLarge("JSON patch: the copy operations add more than " + COPIED_BYTES_MAX + " bytes");
        }
        return source.deepCopy();
    }

    private void test(JsonPointer path, JsonNode value) {
        JsonNode found = path.in(root);
        if (!Json.same(found, value)) {
            throw Refusal.unfit(
                    "JSON patch: testing path \"" + path.text() + "\" failed: expected " + value + ", found " + found);
        }
    }
}
