package dev.fairway.control.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpFamily;
import dev.fairway.control.endpoints.WantedEndpoints.Group;
import dev.fairway.schema.Json;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class TriggerTimeTest {

    private static final String DAY = "2026-01-01T00:";

    /// Pods as `name+minute` when ready since that minute, `name-minute` when unready; told ones without the minute.
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
        what                                 | pods          | told  | time
        nothing has changed                  | a+10 b-20     | a+ b- |
        a pod became ready                   | a+10 b+20     | a+ b- | 20
        a pod became unready                 | a-30 b+20     | a+ b+ | 30
        two changed: the earlier one         | a-30 b+20     | a+ b- | 20
        a new pod                            | a+10 b+20     | a+    | 20
        an old pod that is new here          | a+10 b+05     | a+    | 05
        a pod is gone                        | a+10          | a+ b+ |
        """)
    void theEarliestReadinessThatIsNotToldYet(String what, String pods, String told, String time) {
        Map<String, ObjectNode> endpoints = new HashMap<>();
        Map<String, Instant> changed = new HashMap<>();
        for (String pod : pods.split(" +")) {
            String name = pod.substring(0, 1);
            ObjectNode endpoint = Json.object();
            endpoint.putObject("conditions").put("serving", pod.charAt(1) == '+');
            endpoints.put(name, endpoint);
            changed.put(name, Instant.parse(DAY + pod.substring(2) + ":00Z"));
        }
        Map<String, Boolean> known = new HashMap<>();
        for (String pod : told.split(" +")) {
            known.put(pod.substring(0, 1), pod.endsWith("+"));
        }
        WantedEndpoints wanted =
                new WantedEndpoints(Map.of(new Group(IpFamily.IPV4, List.of()), endpoints), changed, true);
        assertThat(TriggerTime.of(wanted, Optional.empty(), known))
                .as(what)
                .isEqualTo(Optional.ofNullable(time).map(minute -> Instant.parse(DAY + minute + ":00Z")));
    }

    @Test
    void aServiceThatIsNotToldOfYetBeganWithItsCreation() {
        ObjectNode service = Json.parse("{\"metadata\": {\"creationTimestamp\": \"2026-01-01T00:00:00Z\"}}");
        WantedEndpoints wanted = new WantedEndpoints(Map.of(), Map.of("a", Instant.EPOCH), true);
        assertThat(TriggerTime.of(wanted, Optional.of(service), Map.of()))
                .contains(Instant.parse("2026-01-01T00:00:00Z"));
    }
}
