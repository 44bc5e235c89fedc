package dev.fairway.node.pod.volume;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import tools.jackson.databind.node.ObjectNode;

/// How old a service account token (a JWT, RFC 7519) is, by what it says itself. The signature is not its concern.
final class TokenAge {

    private static final Duration OLDEST = Duration.ofHours(24);
    private static final double PART_USED = 0.8;

    private TokenAge() {}

    /// Whether a new one is due: four fifths of its time or a day have passed, as upstream does it.
    static boolean isDue(String token, Instant now) {
        String[] parts = token.split("\\.");
        if (parts.length != 3) {
            return true;
        }
        try {
            byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
            ObjectNode tree = Json.parse(new String(claims, StandardCharsets.UTF_8));
            long issued = Tree.number(tree, 0, "iat");
            long expires = Tree.number(tree, 0, "exp");
            long dueAfter = Math.min(OLDEST.toSeconds(), (long) (PART_USED * (expires - issued)));
            return now.getEpochSecond() >= issued + dueAfter;
        } catch (IllegalArgumentException unreadable) {
            return true;
        }
    }
}
