package dev.fairway.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
            # time,                        seconds,              microseconds
            2026-01-02T03:04:05Z,          2026-01-02T03:04:05Z, 2026-01-02T03:04:05.000000Z
            2026-01-02T03:04:05.999999999Z, 2026-01-02T03:04:05Z, 2026-01-02T03:04:05.999999Z
            2026-01-02T03:04:00.5Z,        2026-01-02T03:04:00Z, 2026-01-02T03:04:00.500000Z
            """)
    void timesAreCutNotRounded(Instant time, String seconds, String microseconds) {
        assertThat(Times.toText(time)).isEqualTo(seconds);
        assertThat(Times.toMicroText(time)).isEqualTo(microseconds);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            2026-01-02T03:04:05Z,        2026-01-02T03:04:05Z
            2026-01-02T03:04:05.000001Z, 2026-01-02T03:04:05.000001Z
            2026-01-02T04:04:05+01:00,   2026-01-02T03:04:05Z
            yesterday,                   1970-01-01T00:00:00Z
            '',                          1970-01-01T00:00:00Z
            """)
    void creationIsReadInAnyZoneAndIsTheEpochWhenUnreadable(String text, Instant expected) {
        var object = Json.object();
        Tree.makeObject(object, "metadata").put("creationTimestamp", text);
        assertThat(Times.created(object)).isEqualTo(expected);
    }
}
