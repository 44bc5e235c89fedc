package dev.fairway.api.http;

import dev.fairway.schema.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// JSON with line breaks, for people: when `pretty` asks for it, and for browsers and the usual command-line clients
/// unless it declines.
final class Pretty {

    private static final List<String> PEOPLE = List.of("curl", "Wget", "Mozilla/5.0");
    private static final List<String> YES = List.of("1", "t", "T", "true", "TRUE", "True");

    private Pretty() {}

    static boolean isWanted(Call call) {
        String asked = call.query().text("pretty");
        if (!asked.isEmpty()) {
            return YES.contains(asked);
        }
        String agent = call.header("User-Agent");
        return PEOPLE.stream().anyMatch(agent::startsWith);
    }

    static byte[] toBytes(ObjectNode tree) {
        return (Json.toPrettyText(tree) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
