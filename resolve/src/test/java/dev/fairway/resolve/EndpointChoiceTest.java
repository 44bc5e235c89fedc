package dev.fairway.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.resolve.EndpointChoice.Candidate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Seen from node-1 in zone-a. An endpoint is written `last octet, conditions, @node, ^hinted node, *hinted zone`:
/// conditions are R (ready), S (serving), T (terminating).
class EndpointChoiceTest {

    private static final NodeView NODE = new NodeView("node-1", "zone-a");
    private static final NodeView NO_ZONE = new NodeView("node-1", "");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            nothing there                            |                                       |
            all ready ones                           | 1 RS; 2 RS; 3 S; 4                    | 1 2
            unready is no endpoint                   | 1; 2                                  |
            serving but not terminating is not used  | 1 S                                   |
            nobody ready, one terminates             | 1; 2 ST; 3 T                          | 2
            one ready, terminating is left out       | 1 RS; 2 ST                            | 1
            terminating ones ignore hints            | 1 ST *zone-b; 2 ST *zone-b            | 1 2
            zone hints choose                        | 1 RS *zone-a; 2 RS *zone-b            | 1
            one hint missing turns hints off         | 1 RS *zone-a; 2 RS                    | 1 2
            an unready one need not be hinted        | 1 RS *zone-a; 2 S; 3 RS *zone-b       | 1
            no hint for this zone                    | 1 RS *zone-b; 2 RS *zone-c            | 1 2
            a hint for several zones                 | 1 RS *zone-b *zone-a; 2 RS *zone-b    | 1
            node hints choose                        | 1 RS ^node-1; 2 RS ^node-2            | 1
            node hints go before zone hints          | 1 RS ^node-1 *zone-b; 2 RS ^node-2 *zone-a | 1
            no node hint for us: zones decide        | 1 RS ^node-3 *zone-b; 2 RS ^node-2 *zone-a | 2
            node hints incomplete: zones decide      | 1 RS *zone-b; 2 RS ^node-1 *zone-a    | 2
            """)
    void chooses(String rule, String endpoints, String chosen) {
        assertThat(names(EndpointChoice.choose(candidates(endpoints), NODE)))
                .as(rule)
                .isEqualTo(chosen == null ? "" : chosen);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            the ready ones here                      | 1 RS @node-1; 2 RS @node-2; 3 RS @node-1     | 1 3
            nothing here                             | 1 RS @node-2; 2 RS                           |
            unready here is nothing                  | 1 S @node-1; 2 RS @node-2                    |
            one terminates here, others ready there  | 1 ST @node-1; 2 RS @node-2                   | 1
            a ready one here goes before             | 1 ST @node-1; 2 RS @node-1                   | 2
            terminating and not serving is nothing   | 1 T @node-1; 2 RS @node-2                    |
            hints do not count                       | 1 RS @node-1 *zone-b; 2 RS @node-2 *zone-a   | 1
            """)
    void choosesLocally(String rule, String endpoints, String chosen) {
        assertThat(names(EndpointChoice.local(candidates(endpoints), NODE)))
                .as(rule)
                .isEqualTo(chosen == null ? "" : chosen);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 RS *zone-a; 2 RS *zone-b   | 1 2
            1 RS ^node-1; 2 RS ^node-2   | 1
            """)
    void aNodeWithoutZoneUsesNoZoneHints(String endpoints, String chosen) {
        assertThat(names(EndpointChoice.choose(candidates(endpoints), NO_ZONE))).isEqualTo(chosen);
    }

    @ParameterizedTest
    @CsvSource({"1 RS @node-1, true", "1 RS @node-2, false", "1 RS, false"})
    void knowsWhatIsLocal(String endpoint, boolean local) {
        assertThat(candidates(endpoint).getFirst().toBackend(NODE).local()).isEqualTo(local);
    }

    private static String names(List<Candidate> candidates) {
        return candidates.stream()
                .map(candidate -> String.valueOf(candidate.endpoint().address().low() & 0xff))
                .collect(Collectors.joining(" "));
    }

    private static List<Candidate> candidates(String text) {
        return text == null
                ? List.of()
                : Arrays.stream(text.split(";"))
                        .map(row -> candidate(row.strip().split(" ")))
                        .toList();
    }

    private static Candidate candidate(String[] words) {
        String conditions = words.length > 1 && words[1].matches("[RST]+") ? words[1] : "";
        Slice.Endpoint endpoint = new Slice.Endpoint(
                IpAddress.parse("10.244.1." + words[0]),
                "",
                conditions.contains("R"),
                conditions.contains("S"),
                conditions.contains("T"),
                starting(words, "@").stream().findFirst().orElse(""),
                starting(words, "^"),
                starting(words, "*"),
                1);
        return new Candidate(endpoint, 8080);
    }

    private static Set<String> starting(String[] words, String mark) {
        return Arrays.stream(words)
                .filter(word -> word.startsWith(mark))
                .map(word -> word.substring(1))
                .collect(Collectors.toSet());
    }
}
