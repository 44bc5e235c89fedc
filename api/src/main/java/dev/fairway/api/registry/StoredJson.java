package dev.fairway.api.registry;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Objects as JSON, in the store and on the wire. Both are the same bytes but for `metadata.resourceVersion`, which is
/// the revision of the commit and therefore not stored. What is stored begins with its type and `metadata`,
/// so that the revision can be put in its place without reading the object.
final class StoredJson {

    private static final byte[] KIND = ascii("{\"kind\":\"");
    private static final byte[] VERSION = ascii(",\"apiVersion\":\"");
    private static final byte[] VERSION_FIRST = ascii("{\"apiVersion\":\"");
    private static final byte[] KIND_NEXT = ascii(",\"kind\":\"");
    private static final byte[] METADATA = ascii(",\"metadata\":{\"");
    private static final byte[] REVISION = ascii("\"resourceVersion\":\"");
    private static final byte[] NEXT = ascii("\",");
    private static final int REVISION_BYTES_MAX = REVISION.length + 20 + NEXT.length;

    private StoredJson() {}

    /// The form for the store.
    static byte[] toStore(ObjectNode object) {
        ObjectNode ordered = Json.object();
        for (String first : new String[] {"kind", "apiVersion"}) {
            move(object, ordered, first);
        }
        ObjectNode metadata = Json.object();
        metadata.setAll(Tree.makeObject(object, "metadata"));
        metadata.remove("resourceVersion");
        ordered.set("metadata", metadata);
        object.properties().forEach(field -> {
            if (!ordered.has(field.getKey())) {
                ordered.set(field.getKey(), field.getValue());
            }
        });
        return Json.toBytes(ordered);
    }

    private static void move(ObjectNode from, ObjectNode to, String field) {
        JsonNode value = from.get(field);
        if (value != null) {
            to.set(field, value);
        }
    }

    /// The form for the wire, with the revision; empty when the stored form does not begin as it should.
    static Optional<byte[]> served(byte[] stored, long revision) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(stored.length + REVISION_BYTES_MAX);
        try {
            return serve(stored, revision, out) ? Optional.of(out.toByteArray()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot refuse bytes", e);
        }
    }

    /// Writes the form for the wire; false, with nothing written, when the stored form does not begin as it should.
    static boolean serve(byte[] stored, long revision, OutputStream out) throws IOException {
        int at = Math.max(
                afterText(stored, afterText(stored, 0, KIND), VERSION),
                afterText(stored, afterText(stored, 0, VERSION_FIRST), KIND_NEXT));
        if (!begins(stored, at, METADATA)) {
            return false;
        }
        int cut = at + METADATA.length - 1;
        out.write(stored, 0, cut);
        out.write(REVISION);
        out.write(ascii(Long.toString(revision)));
        out.write(NEXT);
        out.write(stored, cut, stored.length - cut);
        return true;
    }

    /// Behind a text that begins with these bytes and ends with a quote; negative when it is not there.
    private static int afterText(byte[] bytes, int from, byte[] begin) {
        if (!begins(bytes, from, begin)) {
            return -1;
        }
        int at = from + begin.length;
        while (at < bytes.length && bytes[at] != '"') {
            at++;
        }
        return at + 1;
    }

    private static boolean begins(byte[] bytes, int from, byte[] begin) {
        int to = from + begin.length;
        return from >= 0 && to <= bytes.length && java.util.Arrays.equals(bytes, from, to, begin, 0, begin.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
