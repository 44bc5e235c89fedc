package dev.fairway.api.http;

import dev.fairway.api.registry.Listed;
import dev.fairway.api.registry.Stored;
import dev.fairway.schema.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/// A list as JSON, put together from the texts of its items: none of them is read or written anew.
final class JsonList {

    private static final byte[] ITEMS = ",\"items\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "]}".getBytes(StandardCharsets.US_ASCII);

    private JsonList() {}

    /// @param head kind, version and metadata of the list
    static void write(ObjectNode head, Listed listed, OutputStream out) throws IOException {
        byte[] begin = Json.toBytes(head);
        out.write(begin, 0, begin.length - 1);
        out.write(ITEMS);
        boolean first = true;
        for (Stored object : listed.objects()) {
            if (!first) {
                out.write(',');
            }
            first = false;
            object.writeJson(out);
        }
        out.write(END);
    }
}
