package dev.fairway.api.http;

import dev.fairway.api.registry.Listed;
import dev.fairway.api.registry.Stored;
import dev.fairway.schema.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// A list as JSON, put together from the texts of its items: none of them is read or written anew.
final class JsonList {

    private static final byte[] ITEMS = ",\"items\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "]}".getBytes(StandardCharsets.US_ASCII);

    private JsonList() {}

    /// @param head kind, version and metadata of the list
    static byte[] of(ObjectNode head, Listed listed) {
        byte[] begin = Json.toBytes(head);
        List<byte[]> items = new ArrayList<>(listed.objects().size());
        int length = begin.length + ITEMS.length + END.length;
        for (Stored object : listed.objects()) {
            byte[] item = object.json();
            items.add(item);
            length += item.length + 1;
        }
        byte[] out = new byte[length];
        int at = put(begin, begin.length - 1, out, 0);
        at = put(ITEMS, ITEMS.length, out, at);
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                out[at++] = ',';
            }
            at = put(items.get(i), items.get(i).length, out, at);
        }
        at = put(END, END.length, out, at);
        return java.util.Arrays.copyOf(out, at);
    }

    private static int put(byte[] from, int length, byte[] to, int at) {
        System.arraycopy(from, 0, to, at, length);
        return at + length;
    }
}
