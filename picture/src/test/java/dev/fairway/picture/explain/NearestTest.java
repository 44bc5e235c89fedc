package dev.fairway.picture.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kitten | sitting | 3
            web    | web     | 0
            ''     | web     | 3
            web    | wbe     | 2
            """)
    void countsEdits(String from, String to, int edits) {
        assertThat(Nearest.edits(from, to)).isEqualTo(edits);
        assertThat(Nearest.edits(to, from)).isEqualTo(edits);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            htttp  | http
            http   | http
            metric | metrics
            zzzzzz | none
            """)
    void findsWhatWasMeant(String word, String meant) {
        assertThat(Nearest.of(word, List.of("metrics", "http", "dns")).orElse("none"))
                .isEqualTo(meant);
    }
}
