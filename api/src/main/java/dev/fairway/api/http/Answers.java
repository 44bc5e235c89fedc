package dev.fairway.api.http;

import dev.fairway.api.kind.Kind;
import dev.fairway.api.registry.Listed;
import dev.fairway.api.registry.Stored;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.codec.Format;
import dev.fairway.schema.codec.Protobuf;
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
        return tree(call, form.encoding(), status, shaped, warnings);
    }

    /// An object as it was read or written. The usual forms are answered from what lies in the store.
    Reply.Whole stored(Call call, Kind kind, int status, Stored stored, List<String> warnings) {
        Form form = Form.choose(call.accept(), OF_OBJECT);
        if (form.shape() != Form.Shape.OBJECT || form.encoding() == Format.YAML || Pretty.isWanted(call)) {
            return object(call, kind, status, stored.tree(), warnings);
        }
        byte[] body = switch (form.encoding()) {
            case JSON, YAML -> stored.json();
            case PROTOBUF ->
                Protobuf.envelope(kind.resource().apiVersion(), kind.resource().kind(), stored.protobuf());
        };
        return new Reply.Whole(status, form.encoding().mediaType(), body, Map.of(), warnings);
    }

    Reply list(Call call, Kind kind, Listed listed) {
        Form form = Form.choose(call.accept(), OF_LIST);
        return switch (form.shape()) {
            case OBJECT, PARTIAL -> objects(call, kind, form.encoding(), listed);
            case PARTIAL_LIST ->
                tree(
                        call,
                        form.encoding(),
                        200,
                        Tables.partialList(listed.items(), listMeta(listed), form.version()),
                        List.of());
            case TABLE ->
                tree(call, form.encoding(), 200, table(call, kind, listed.items(), listMeta(listed), form), List.of());
        };
    }

    private static Reply objects(Call call, Kind kind, Format encoding, Listed listed) {
        ObjectNode head = listHead(kind, listed);
        if (encoding == Format.PROTOBUF) {
            return new Reply.Large(encoding.mediaType(), out -> {
                List<byte[]> messages =
                        listed.objects().stream().map(Stored::protobuf).toList();
                Protobuf.writeList(head, messages, out);
            });
        }
        if (encoding == Format.JSON && !Pretty.isWanted(call)) {
            return new Reply.Large(encoding.mediaType(), out -> JsonList.write(head, listed, out));
        }
        ArrayNode items = head.putArray("items");
        listed.items().forEach(items::add);
        return tree(call, encoding, 200, head, List.of());
    }

    /// An object that is no stored kind, such as a Status.
    static Reply.Whole plain(Call call, int status, ObjectNode object) {
        return tree(call, Form.choose(call.accept(), List.of()).encoding(), status, object, List.of());
    }

    /// Errors are answered even to clients that accept nothing we have.
    static Reply.Whole error(Call call, ApiException e) {
        Format encoding;
        try {
            encoding = Form.choose(call.accept(), List.of(Form.Shape.values())).encoding();
        } catch (ApiException notAcceptable) {
            encoding = Format.JSON;
        }
        Reply.Whole whole =
                tree(call, encoding, e.code(), StatusTree.of(e), List.of()).about(named(call, e));
        int retry = e.details().retryAfterSeconds();
        return retry > 0 ? whole.withHeaders(Map.of("Retry-After", Integer.toString(retry))) : whole;
    }

    private static String named(Call call, ApiException e) {
        boolean ofCollection = call.target() instanceof Target.Collection to
                && e.details().kind().equals(to.plural());
        return ofCollection ? e.details().name() : "";
    }

    private static Reply.Whole tree(Call call, Format encoding, int status, ObjectNode tree, List<String> warnings) {
        Format format = Wire.canEncode(tree, encoding) ? encoding : Format.JSON;
        byte[] body = format == Format.JSON && Pretty.isWanted(call) ? Pretty.toBytes(tree) : Wire.encode(tree, format);
        return new Reply.Whole(status, format.mediaType(), body, Map.of(), warnings);
    }

    private ObjectNode table(Call call, Kind kind, List<ObjectNode> items, ObjectNode metadata, Form form) {
        Tables.Include include = Tables.Include.of(call, form);
        return Tables.table(kind, items, metadata, include, form.version(), true, clock.instant());
    }

    private static ObjectNode listHead(Kind kind, Listed listed) {
        ObjectNode out = Json.object()
                .put("kind", kind.resource().kind() + "List")
                .put("apiVersion", kind.resource().apiVersion());
        out.set("metadata", listMeta(listed));
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
