package dev.fairway.api.registry;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Objects as JSON, in the store and on the wire. Both are the same bytes but for `metadata.resourceVersion`, which is
/// the revision of the commit and therefore not stored. What is stored begins with `kind`, `apiVersion` and `metadata`,
/// so that the revision can be put in its place without reading the object.
final class StoredJson {

    private static final byte[] KIND = ascii("{\"kind\":\"");
    private static final byte[] VERSION = ascii(",\"apiVersion\":\"");
    private static final byte[] METADATA = ascii(",\"metadata\":{\"");
    private static final byte[] REVISION = ascii("\"resourceVersion\":\"");
    private static final byte[] NEXT = ascii("\",");

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
        int at = afterText(stored, 0, KIND);
        at = afterText(stored, at, VERSION);
        if (!begins(stored, at, METADATA)) {
            return Optional.empty();
        }
        int cut = at + METADATA.length - 1;
        byte[] number = ascii(Long.toString(revision));
        byte[] out = new byte[stored.length + REVISION.length + number.length + NEXT.length];
        int to = put(stored, 0, cut, out, 0);
        to = put(REVISION, 0, REVISION.length, out, to);
        to = put(number, 0, number.length, out, to);
        to = put(NEXT, 0, NEXT.length, out, to);
        put(stored, cut, stored.length - cut, out, to);
        return Optional.of(out);
    }

    /// Returns the place behind it.
    private static int put(byte[] from, int at, int length, byte[] to, int place) {
        System.arraycopy(from, at, to, place, length);
        return place + length;
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
