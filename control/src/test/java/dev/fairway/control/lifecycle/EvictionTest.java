package dev.fairway.control.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.control.loop.Write;
import dev.fairway.schema.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class EvictionTest {

    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

    /// `left` is when the pod goes, in seconds from now; `-` never, `0` now.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', useHeadersInDisplayName = true, textBlock = """
        what                              | taint                              | tolerations                                                                        | age | left
        no new pods, old ones stay        | a:NoSchedule                       | []                                                                                 | 0   | -
        not tolerated                     | a:NoExecute                        | []                                                                                 | 0   | 0
        tolerated for good                | a:NoExecute                        | [{"key": "a", "operator": "Exists"}]                                               | 999 | -
        tolerated by everything           | a:NoExecute                        | [{"operator": "Exists"}]                                                           | 999 | -
        another effect is tolerated       | a:NoExecute                        | [{"key": "a", "operator": "Exists", "effect": "NoSchedule"}]                       | 0   | 0
        tolerated for a while             | a:NoExecute                        | [{"key": "a", "operator": "Exists", "tolerationSeconds": 60}]                      | 20  | 40
        the while is over                 | a:NoExecute                        | [{"key": "a", "operator": "Exists", "tolerationSeconds": 60}]                      | 60  | 0
        the shortest while counts         | a:NoExecute                        | [{"operator": "Exists", "tolerationSeconds": 90}, {"key": "a", "operator": "Exists", "tolerationSeconds": 60}] | 0 | 60
        a node not ready, nothing said    | node.kubernetes.io/not-ready:NoExecute   | []                                                                           | 100 | 200
        a node out of reach, nothing said | node.kubernetes.io/unreachable:NoExecute | []                                                                           | 300 | 0
        """)
    void podsGoWhenTheirTimeHasCome(String what, String taint, String tolerations, long age, String left) {
        String[] parts = taint.split(":");
        ObjectNode node = Json.parse("""
            {"spec": {"taints": [{"key": "%s", "effect": "%s",
                                  "timeAdded": "%s"}]}}""".formatted(parts[0], parts[1], SINCE));
        ObjectNode pod = Json.parse("""
            {"metadata": {"namespace": "shop", "name": "a", "uid": "u"},
             "spec": {"tolerations": %s}}""".formatted(tolerations));
        Eviction eviction = Eviction.of(node, List.of(pod), SINCE.plusSeconds(age));
        boolean now = left.equals("0");
        assertThat(eviction.writes().stream().anyMatch(Write.Delete.class::isInstance))
                .as(what)
                .isEqualTo(now);
        assertThat(eviction.next())
                .as(what)
                .isEqualTo(
                        now || left.equals("-")
                                ? Optional.empty()
                                : Optional.of(Duration.ofSeconds(Long.parseLong(left))));
    }
}
