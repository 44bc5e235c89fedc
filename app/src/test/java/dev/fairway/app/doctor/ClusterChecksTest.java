package dev.fairway.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.app.StateFolder;
import dev.fairway.app.doctor.ClusterFacts.ApiTrouble;
import dev.fairway.app.doctor.ClusterFacts.DnsAnswer;
import dev.fairway.app.doctor.ClusterFacts.Health;
import dev.fairway.app.doctor.ClusterFacts.NodeFacts;
import dev.fairway.app.doctor.ClusterFacts.StrangeTable;
import dev.fairway.app.doctor.Verdict.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each check both ways: a cluster that works, and the same cluster with one thing broken.
class ClusterChecksTest {

    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");

    @Test
    void aHealthyClusterPassesEveryCheck() {
        assertThat(ClusterChecks.all(cluster("", "")))
                .allSatisfy(verdict ->
                        assertThat(verdict.result()).as(verdict.toString()).isEqualTo(Result.OK));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            certificate | 2026-11-27T09:59:59Z | api/certificates | FAILED  | server ends 2026-11-27T09:59:59Z
            certificate | 2026-12-03T00:00:00Z | api/certificates | WARNING | server ends 2026-12-03T00:00:00Z
            certificate | 2026-12-05T00:00:00Z | api/certificates | OK      |
            ready       | false                | node/ready       | FAILED  | node-2: Fairway is starting
            silence     | 41                   | node/heartbeat   | FAILED  | node-2 was heard of 41 s ago
            silence     | 40                   | node/heartbeat   | OK      |
            silence     | never                | node/heartbeat   | FAILED  | node-2 was never heard of
            health      | it says 503          | node/forwarding  | FAILED  | node-2: it says 503
            health      | elsewhere            | node/forwarding  | OK      |
            answer      | SERVFAIL             | dns/answers      | FAILED  | node-1 over tcp: SERVFAIL; expected NXDOMAIN
            dns         | none                 | dns/answers      | SKIPPED |
            pending     | shop/web             | lb/addresses     | FAILED  | shop/web
            """)
    void oneThingBroken(String what, String value, String id, Result result, String evidence) {
        List<Verdict> all = ClusterChecks.all(cluster(what, value));
        Verdict verdict =
                all.stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();

        assertThat(verdict.result()).isEqualTo(result);
        if (evidence != null) {
            assertThat(verdict.evidence()).containsExactly(evidence);
            assertThat(verdict.fix()).isNotEmpty();
        }
        assertThat(all)
                .filteredOn(it -> !it.id().equals(id))
                .extracting(Verdict::result)
                .containsOnly(Result.OK);
    }

    @Test
    void ofAnApiThatDoesNotAnswerNothingElseIsSaid() {
        List<Verdict> verdicts = ClusterChecks.all(ClusterReader.unreachable(
                new ApiTrouble("no cluster runs here", false), new StateFolder(Path.of("/tmp/state")), NOW));

        assertThat(verdicts).singleElement().satisfies(verdict -> {
            assertThat(verdict.id()).isEqualTo("api/ready");
            assertThat(verdict.result()).isEqualTo(Result.FAILED);
            assertThat(verdict.evidence()).containsExactly("no cluster runs here");
            assertThat(verdict.fix()).isEqualTo("fairway up --state /tmp/state");
        });
    }

    @Test
    void theFixOfAPendingLoadBalancerExplainsIt() {
        assertThat(ClusterChecks.all(cluster("pending", "shop/web")))
                .filteredOn(verdict -> verdict.id().equals("lb/addresses"))
                .extracting(Verdict::fix)
                .containsExactly("fairway explain svc/web -n shop");
    }

    @Test
    void nodesThatAreNotHereAreNotTakenForHealthy() {
        NodeFacts elsewhere = new NodeFacts(true, "", Optional.of(Duration.ZERO), Optional.empty(), List.of());
        ClusterFacts here = cluster("dns", "none");
        ClusterFacts facts = new ClusterFacts(
                NOW,
                "",
                Optional.empty(),
                here.certificates(),
                new TreeMap<>(Map.of("node-1", elsewhere, "node-2", elsewhere)),
                List.of(),
                true,
                List.of());

        assertThat(ClusterChecks.all(facts))
                .filteredOn(verdict -> verdict.result() == Result.SKIPPED)
                .extracting(Verdict::id)
                .containsExactly("node/forwarding", "dns/answers");
    }

    @Test
    void theRulesOfAnotherProgramAreTheFirstSuspect() {
        NodeFacts blocked = new NodeFacts(
                true,
                "",
                Optional.of(Duration.ZERO),
                Optional.of(new Health("its health port does not answer")),
                List.of(new StrangeTable("fairway-node-1", "inet wall")));

        assertThat(verdict("node/forwarding", blocked)).satisfies(verdict -> {
            assertThat(verdict.evidence())
                    .containsExactly(
                            "node-1: its health port does not answer",
                            "in fairway-node-1 is a table of another program: inet wall");
            assertThat(verdict.fix()).isEqualTo("ip netns exec fairway-node-1 nft delete table inet wall");
        });
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            never | elsewhere | kubectl delete nodes node-1
            60    | elsewhere | kubectl describe nodes node-1
            60    | it hangs  | fairway down && fairway up
            """)
    void aSilentNodeIsDeletedOnlyIfItNeverSaidAWord(String silence, String health, String fix) {
        NodeFacts silent = new NodeFacts(false, "unknown", seconds(silence), health(health), List.of());

        assertThat(verdict("node/heartbeat", silent).fix()).isEqualTo(fix);
        assertThat(verdict("node/ready", silent).fix()).isEqualTo(fix);
    }

    private static Verdict verdict(String id, NodeFacts node) {
        ClusterFacts healthy = cluster("", "");
        ClusterFacts facts = new ClusterFacts(
                NOW,
                "",
                Optional.empty(),
                healthy.certificates(),
                new TreeMap<>(Map.of("node-1", node)),
                List.of(),
                true,
                healthy.dns());
        return ClusterChecks.all(facts).stream()
                .filter(it -> it.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Optional<Duration> seconds(String text) {
        return text.equals("never") ? Optional.empty() : Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }

    private static Optional<Health> health(String text) {
        return text.equals("elsewhere") ? Optional.empty() : Optional.of(new Health(text));
    }

    private static ClusterFacts cluster(String broken, String value) {
        NodeFacts healthy =
                new NodeFacts(true, "", Optional.of(Duration.ofSeconds(5)), Optional.of(Health.GOOD), List.of());
        NodeFacts other = new NodeFacts(
                !broken.equals("ready"),
                "Fairway is starting",
                broken.equals("silence") ? seconds(value) : Optional.of(Duration.ofSeconds(5)),
                broken.equals("health") ? health(value) : Optional.of(Health.GOOD),
                List.of());
        String answer = broken.equals("answer") ? value : "NXDOMAIN";
        return new ClusterFacts(
                NOW,
                "",
                Optional.empty(),
                new TreeMap<>(Map.of(
                        "ca",
                        NOW.plus(Duration.ofDays(3650)),
                        "server",
                        broken.equals("certificate") ? Instant.parse(value) : NOW.plus(Duration.ofDays(90)))),
                new TreeMap<>(Map.of("node-1", healthy, "node-2", other)),
                broken.equals("pending") ? List.of(value) : List.of(),
                true,
                broken.equals("dns") ? List.of() : List.of(new DnsAnswer("node-1 over tcp", "NXDOMAIN", answer)));
    }
}
