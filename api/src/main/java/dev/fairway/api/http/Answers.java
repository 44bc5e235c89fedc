package dev.fairway.api.http;

import dev.fairway.api.kind.Kind;
import dev.fairway.api.registry.Listed;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.codec.Format;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Objects and lists in the form the client asked for.
final class Answers {

    static final List<Form.Shape> OF_OBJECT = List.of(Form.Shape.TABLE, Form.Shape.PARTIAL);
    static final List<Form.Shape> OF_LIST = List.of(Form.Shape.TABLE, Form.Shape.PARTIAL_LIST);

    private final InstantSource clock;

    Answers(InstantSource clock) {
        this.clock = clock;
    }

    Reply.Whole object(Call call, Kind kind, int status, ObjectNode object, List<String> warnings) {
        Form form = Form.choose(call.accept(), OF_OBJECT);
        ObjectNode shaped = switch (form.shape()) {
            case OBJECT, PARTIAL_LIST -> object;
            case PARTIAL -> Tables.partial(object, form.version());
            case TABLE -> table(call, kind, List.of(object), objectMeta(object), form);
        };
        return tree(form.encoding(), status, shaped, warnings);
    }

    Reply.Whole list(Call call, Kind kind, Listed listed) {
        Form form = Form.choose(call.accept(), OF_LIST);
        ObjectNode shaped = switch (form.shape()) {
            case OBJECT, PARTIAL -> list(kind, listed);
            case PARTIAL_LIST -> Tables.partialList(listed.items(), listMeta(listed), form.version());
            case TABLE -> table(call, kind, listed.items(), listMeta(listed), form);
        };
        return tree(form.encoding(), 200, shaped, List.of());
    }

    /// An object that is no stored kind, such as a Status.
    static Reply.Whole plain(Call call, int status, ObjectNode object) {
        return tree(Form.choose(call.accept(), List.of()).encoding(), status, object, List.of());
    }

    /// Errors are answered even to clients that accept nothing we have.
    static Reply.Whole error(Call call, ApiException e) {
        Format encoding;
        try {
            encoding = Form.choose(call.accept(), List.of(Form.Shape.values())).encoding();
        } catch (ApiException notAcceptable) {
            encoding = Format.JSON;
        }
        Reply.Whole whole = tree(encoding, e.code(), StatusTree.of(e), List.of());
        int retry = e.details().retryAfterSeconds();
        return retry > 0 ? whole.withHeaders(Map.of("Retry-After", Integer.toString(retry))) : whole;
    }

    private static Reply.Whole tree(Format encoding, int status, ObjectNode tree, List<String> warnings) {
        Format format = Wire.canEncode(tree, encoding) ? encoding : Format.JSON;
        return new Reply.Whole(status, format.mediaType(), Wire.encode(tree, format), Map.of(), warnings);
    }

    private ObjectNode table(Call call, Kind kind, List<ObjectNode> items, ObjectNode metadata, Form form) {
        Tables.Include include = Tables.Include.of(call.query().text("includeObject"));
        return Tables.table(kind, items, metadata, include, form.version(), true, clock.instant());
    }

    static ObjectNode list(Kind kind, Listed listed) {
        ObjectNode out = Json.object()
                .put("kind", kind.resource().kind() + "List")
                .put("apiVersion", kind.resource().apiVersion());
        out.set("metadata", listMeta(listed));
        ArrayNode items = out.putArray("items");
        listed.items().forEach(items::add);
        return out;
    }

    static ObjectNode listMeta(Listed listed) {
        ObjectNode meta = Json.object().put("resourceVersion", listed.resourceVersion());
        if (!listed.continued().isEmpty()) {
            meta.put("continue", listed.continued());
        }
        listed.remaining().ifPresent(count -> meta.put("remainingItemCount", count));
        return meta;
    }

    private static ObjectNode objectMeta(ObjectNode object) {
        return Json.object().put("resourceVersion", Meta.resourceVersion(object));
    }
}
