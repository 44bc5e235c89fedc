package dev.fairway.api.http;

import dev.fairway.api.kind.Kind;
import dev.fairway.api.registry.WatchEvent;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.codec.Format;
import dev.fairway.schema.codec.Protobuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Watch events as bytes, in the form one client asked for. A change that many clients watch in the same form is
/// encoded once.
final class WatchEncoder {

    private final Kind kind;
    private final Form form;
    private final Tables.Include include;
    private final InstantSource clock;
    private boolean columnsSent;

    WatchEncoder(Kind kind, Form form, Tables.Include include, InstantSource clock) {
        this.kind = kind;
        this.form = form;
        this.include = include;
        this.clock = clock;
    }

    String contentType() {
        return form.encoding().mediaType() + (isBinary() ? ";stream=watch" : "");
    }

    boolean isBinary() {
        return form.encoding() == Format.PROTOBUF;
    }

    private record FormKey(Resource shown, Form form, Tables.Include include, boolean columns) {}

    byte[] changed(WatchEvent.Changed changed) {
        FormKey key = new FormKey(kind.resource(), form, include, !columnsSent);
        byte[] bytes = changed.forms().get(key, () -> encode(changed));
        columnsSent = true;
        return bytes;
    }

    private byte[] encode(WatchEvent.Changed changed) {
        String type = changed.change().name();
        return form.equals(Form.JSON) ? event(type, changed.stored().json()) : event(type, shape(changed.object()));
    }

    byte[] bookmark(WatchEvent.Bookmark mark) {
        ObjectNode object = Json.object()
                .put("kind", kind.resource().kind())
                .put("apiVersion", kind.resource().apiVersion());
        ObjectNode meta = object.putObject("metadata").put("resourceVersion", mark.resourceVersion());
        if (mark.initialEnd()) {
            meta.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        return event("BOOKMARK", shape(object));
    }

    byte[] error(ApiException reason) {
        return event("ERROR", StatusTree.of(reason));
    }

    private ObjectNode shape(ObjectNode object) {
        return switch (form.shape()) {
            case OBJECT, PARTIAL_LIST -> object;
            case PARTIAL -> Tables.partial(object, form.version());
            case TABLE -> {
                ObjectNode meta = Json.object().put("resourceVersion", dev.fairway.schema.Meta.resourceVersion(object));
                yield Tables.table(kind, List.of(object), meta, include, form.version(), !columnsSent, clock.instant());
            }
        };
    }

    private byte[] event(String type, ObjectNode object) {
        if (isBinary()) {
            return Protobuf.watchFrame(type, object);
        }
        return event(type, Json.toBytes(object));
    }

    private static byte[] event(String type, byte[] encoded) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(encoded.length + 40);
        out.writeBytes(("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(encoded);
        out.writeBytes("}\n".getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }
}
