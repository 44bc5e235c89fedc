package dev.fairway.control.object;

import dev.fairway.schema.Tree;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Times as the API writes them (RFC 3339).
public final class Times {

    private Times() {}

    /// Whole seconds, as in `metav1.Time`.
    public static String toText(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// The time at the path; empty when it is absent or no time.
    public static Optional<Instant> find(JsonNode object, String... path) {
        String text = Tree.text(object, path);
        try {
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    public static Instant created(JsonNode object) {
        return find(object, "metadata", "creationTimestamp").orElse(Instant.EPOCH);
    }
}
