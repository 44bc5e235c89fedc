package dev.fairway.schema.patch;

import dev.fairway.schema.Field;
import dev.fairway.schema.Field.MergeRule;
import dev.fairway.schema.ObjectType;
import dev.fairway.schema.Shape;
import dev.fairway.schema.Types;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The strategic merge patch of Kubernetes: like a JSON merge patch, but lists merge by the keys in the type table, and
/// directives (`$patch`, `$retainKeys`, `$setElementOrder/...`, `$deleteFromPrimitiveList/...`) steer it.
///
/// Its known flaw is kept, since clients reckon with it: Service ports merge by `port` alone, so that a patch cannot
/// tell the TCP from the UDP port of one number.
public final class StrategicMergePatch {

    private StrategicMergePatch() {}

    /// A new object; neither argument is changed.
    ///
    /// @throws dev.fairway.schema.ApiException 400 for a malformed patch
    public static ObjectNode apply(ObjectNode object, ObjectNode patch, ObjectType type) {
        return merge(object.deepCopy(), patch, new Shape.Message(type.name()));
    }

    /// Merges into `target` and returns the result, which may be another object.
    static ObjectNode merge(ObjectNode target, ObjectNode patch, Shape shape) {
        return switch (Directives.action(patch)) {
            case DELETE -> JsonNodeFactory.instance.objectNode();
            case REPLACE -> mergeFields(JsonNodeFactory.instance.objectNode(), patch, shape);
            case MERGE -> {
                Directives.retainKeys(target, patch);
                yield mergeFields(target, patch, shape);
            }
        };
    }

    private static ObjectNode mergeFields(ObjectNode target, ObjectNode patch, Shape shape) {
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            String name = entry.getKey();
            if (name.startsWith(Directives.DELETE_FROM_LIST)) {
                deleteFromList(target, name, entry.getValue());
            } else if (name.startsWith(Directives.SET_ELEMENT_ORDER)) {
                ArrayNode order = Directives.list(name, entry.getValue());
                reorder(target, name.substring(Directives.SET_ELEMENT_ORDER.length()), patch, order, shape);
            } else if (!Directives.isDirective(name) && !isOrdered(patch, name)) {
                mergeField(target, name, entry.getValue(), shape);
            }
        }
        return target;
    }

    /// Lists with an order directive are merged where the directive is.
    private static boolean isOrdered(ObjectNode patch, String name) {
        return patch.has(Directives.SET_ELEMENT_ORDER + name)
                && patch.path(name).isArray();
    }

    private static void mergeField(ObjectNode target, String name, JsonNode value, Shape shape) {
        switch (value) {
            case ObjectNode object -> {
                ObjectNode before =
                        target.get(name) instanceof ObjectNode node ? node : JsonNodeFactory.instance.objectNode();
                target.set(name, merge(before, object, childShape(shape, name)));
            }
            case ArrayNode list -> target.set(name, mergeList(target, name, list, shape));
            case JsonNode node when node.isNull() -> target.remove(name);
            case JsonNode scalar -> target.set(name, scalar);
        }
    }

    private static ArrayNode mergeList(ObjectNode target, String name, ArrayNode patch, Shape shape) {
        MergeRule rule = field(shape, name).map(Field::merge).orElse(MergeRule.REPLACE);
        if (!rule.merges()) {
            return patch.deepCopy();
        }
        ArrayNode before = target.get(name) instanceof ArrayNode list ? list : JsonNodeFactory.instance.arrayNode();
        return new ListMerge(name, rule.key(), elementShape(childShape(shape, name))).merge(before, patch);
    }

    private static void deleteFromList(ObjectNode target, String directive, JsonNode given) {
        ArrayNode gone = Directives.list(directive, given);
        String name = directive.substring(Directives.DELETE_FROM_LIST.length());
        if (target.get(name) instanceof ArrayNode before) {
            ArrayNode out = JsonNodeFactory.instance.arrayNode();
            Set<JsonNode> values = new HashSet<>(gone.values());
            for (JsonNode value : before) {
                if (!values.contains(value)) {
                    out.add(value);
                }
            }
            target.set(name, out);
        }
    }

    private static void reorder(ObjectNode target, String name, ObjectNode patch, ArrayNode order, Shape shape) {
        MergeRule rule = field(shape, name).map(Field::merge).orElse(MergeRule.REPLACE);
        JsonNode patched = patch.get(name);
        if (!rule.merges()) {
            if (patched != null) {
                mergeField(target, name, patched, shape);
            }
            return;
        }
        ListMerge lists = new ListMerge(name, rule.key(), elementShape(childShape(shape, name)));
        ArrayNode before = target.get(name) instanceof ArrayNode list ? list : JsonNodeFactory.instance.arrayNode();
        ArrayNode serverOrder = before.deepCopy();
        ArrayNode merged = before;
        if (patched instanceof ArrayNode list) {
            lists.checkOrder(list, order);
            merged = lists.merge(before, list);
        }
        if (!merged.isEmpty() || target.has(name)) {
            target.set(name, lists.ordered(merged, order, serverOrder));
        }
    }

    private static Optional<Field> field(Shape shape, String name) {
        return shape instanceof Shape.Message message
                ? Types.named(message.type()).field(name)
                : Optional.empty();
    }

    /// The shape of a field; for free-form content, free form.
    private static Shape childShape(Shape shape, String name) {
        return switch (shape) {
            case Shape.Message _ -> field(shape, name).map(Field::shape).orElse(Shape.Special.RAW);
            case Shape.MapOf map -> map.value();
            case Shape.ListOf _, Shape.Scalar _, Shape.Special _ -> Shape.Special.RAW;
        };
    }

    private static Shape elementShape(Shape shape) {
        return shape instanceof Shape.ListOf list ? list.element() : Shape.Special.RAW;
    }
}
