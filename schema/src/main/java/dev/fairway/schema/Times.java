package dev.fairway.schema;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Times as the API writes them (RFC 3339).
public final class Times {

    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private Times() {}

    /// Whole seconds, as in `metav1.Time`.
    public static String toText(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// Six digits after the point, always, as in `metav1.MicroTime`.
    public static String toMicroText(Instant time) {
        return MICROS.format(time);
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
