package dev.fairway.picture.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.picture.explain.Attempt.Outcome;
import dev.fairway.schema.ObjectKey;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is said of a connection of pod shop/a to the Service shop/web.
class AttemptCheckTest {

    private static final ObjectKey WEB = new ObjectKey("shop", "web");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            an answer                  | TCP | ANSWERED | b |             |           |
            an answer of itself        | TCP | ANSWERED | a |             |           |
            nothing over UDP           | UDP | SILENT   | b |             |           |
            a port that nobody has     | TCP | REFUSED  | b |             |           | FW003 connections are refused by pod shop/b; led to pod shop/b, which refused
            its own port that nobody has | TCP | REFUSED | a |            |           | FW003 connections are refused by pod shop/a; led to pod shop/a, which refused
            a port closed over UDP     | UDP | REFUSED  | b |             |           | FW003 connections are refused by pod shop/b; led to pod shop/b, which refused
            nothing of a pod           | TCP | SILENT   | b |             |           | FW030 connections get lost between the node and pod shop/b; led to pod shop/b, and nothing came back
            nothing of itself          | TCP | SILENT   | a |             |           | FW017 pod shop/a does not reach itself by way of the Service; led to itself, pod shop/a, and nothing came back
            no endpoint, as predicted  | TCP | REFUSED  |   |             |           |
            no local one, as predicted | TCP | SILENT   |   |             |           |
            a foreign rule             | TCP | SILENT   |   | ip wall out |           | FW030 a rule of another program stops connections of pod shop/a; stopped by ip wall out
            a foreign rule and drift   | TCP | SILENT   |   | ip wall out | was lost  | FW030 a rule of another program stops connections of pod shop/a; stopped by ip wall out
            something else on the node | TCP | REFUSED  |   |             | no element | FW030 the node does something else than the API says; no element
            an answer all the same     | TCP | ANSWERED | b |             | no element | FW030 the node does something else than the API says; no element
            """)
    void connections(
            String what,
            String protocol,
            Outcome outcome,
            @Nullable String to,
            @Nullable String rule,
            @Nullable String drift,
            @Nullable String said) {
        Attempt attempt = attempt(protocol, outcome, to, rule, drift, null);

        assertThat(finding(attempt).map(AttemptCheckTest::text)).as(what).isEqualTo(Optional.ofNullable(said));
        assertThat(finding(attempt).stream())
                .allSatisfy(finding -> assertThat(finding.evidence())
                        .startsWith("pod shop/a dialled 10.96.0.9:80 over " + protocol)
                        .endsWith("met ip fairway services"));
    }

    /// By address it connects: what keeps the name from it is told.
    @Test
    void names() {
        Attempt attempt = attempt("TCP", Outcome.ANSWERED, "b", null, null, "the name web does not stand for it");
        Finding muting = new Finding(Code.POLICY_STOPS_DNS, WEB, "", List.of("policy mute"), "look at mute");

        assertThat(finding(attempt).map(AttemptCheckTest::text))
                .contains("FW030 the node does something else than the API says; the name web does not stand for it");
        Finding found = AttemptCheck.finding(WEB, attempt, Optional.empty(), Optional.of(muting))
                .orElseThrow();
        assertThat(text(found))
                .isEqualTo("FW016 NetworkPolicies do not let pod shop/a ask DNS, and are enforced: it does not find"
                        + " the Service by name; the name web does not stand for it");
        assertThat(found.evidence()).contains("policy mute");
        assertThat(found.fix()).isEqualTo("look at mute");
    }

    private static Attempt attempt(
            String protocol,
            Outcome outcome,
            @Nullable String to,
            @Nullable String rule,
            @Nullable String drift,
            @Nullable String misnamed) {
        return new Attempt(
                "pod shop/a",
                "10.96.0.9:80",
                protocol,
                outcome,
                Optional.ofNullable(to).map(name -> "pod shop/" + name),
                "a".equals(to),
                Optional.ofNullable(rule),
                Optional.ofNullable(drift).stream().toList(),
                Optional.ofNullable(misnamed),
                List.of("ip fairway services"));
    }

    private static Optional<Finding> finding(Attempt attempt) {
        return AttemptCheck.finding(WEB, attempt, Optional.empty(), Optional.empty());
    }

    private static String text(Finding finding) {
        return finding.code().label() + " " + finding.sentence() + "; "
                + finding.evidence().get(1);
    }
}
