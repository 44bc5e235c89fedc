package dev.fairway.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.node.pod.ContainerState.Ended;
import dev.fairway.node.pod.ContainerState.Running;
import dev.fairway.node.pod.PodPlan.Action;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// What a pod's containers amount to, and what is done next: tables over containers `i` (init), `a` and `b`.
///
/// A container is `-` (never started), `r` (running, not ready), `R` (ready), a number (ended with it) or `c` (in
/// CrashLoopBackOff after code 1).
class PodStatusTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.6Z");

    private static PodSpec spec(String policy, boolean init, String more) {
        return PodSpec.of(Json.parse("""
            {"metadata":{"name":"p","namespace":"n","uid":"u"%s},
             "spec":{"restartPolicy":"%s","terminationGracePeriodSeconds":10,"initContainers":[%s],
              "containers":[{"name":"a","image":"x"},{"name":"b","image":"x"}]}}
            """.formatted(more, policy, init ? "{\"name\":\"i\",\"image\":\"x\"}" : "")));
    }

    private static PodRecord record(PodSpec spec, String init, String a, String b) {
        PodRecord record = PodRecord.fresh(spec, NOW).networkUp(List.of(IpAddress.parse("10.1.1.1")));
        record = spec.initContainers().isEmpty() ? record : with(spec, record, "i", init);
        return with(spec, with(spec, record, "a", a), "b", b);
    }

    private static PodRecord with(PodSpec spec, PodRecord record, String name, String state) {
        ContainerSpec container = spec.container(name).orElseThrow();
        Running running = new Running("fairway://" + name, NOW.minusSeconds(60), 0, 0);
        return record.with(name, known -> switch (state) {
            case "-" -> known;
            case "R" -> known.runs(container, running);
            case "r" -> known.runs(container, running).withProbes(true, false);
            case "c" ->
                known.runs(container, running)
                        .ended(ended(1), true, "p")
                        .runs(container, running)
                        .ended(ended(1), true, "p");
            default -> known.runs(container, running).ended(ended(Integer.parseInt(state)), false, "p");
        });
    }

    private static Ended ended(int code) {
        return new Ended("fairway://x", code, code == 0 ? "Completed" : "Error", "", NOW.minusSeconds(60), NOW);
    }

    private static ObjectNode status(PodSpec spec, PodRecord record) {
        return PodStatus.of(spec, record, List.of(IpAddress.parse("172.31.0.1")), Json.object(), NOW);
    }

    private static String condition(ObjectNode status, String type) {
        return Tree.objects(status, "conditions").stream()
                .filter(condition -> Tree.text(condition, "type").equals(type))
                .map(condition -> Tree.text(condition, "status"))
                .findFirst()
                .orElse("");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        # policy,  i, a,   b,   phase,     initialized, ready
        Always,    0, R,   R,   Running,   True,        True
        Always,    0, R,   r,   Running,   True,        False
        Always,    0, -,   R,   Pending,   True,        False
        Always,    -, -,   -,   Pending,   False,       False
        Always,    R, -,   -,   Pending,   False,       False
        Always,    c, -,   -,   Pending,   False,       False
        Always,    0, c,   R,   Running,   True,        False
        Always,    0, 0,   0,   Running,   True,        False
        OnFailure, 0, 0,   0,   Succeeded, True,        False
        OnFailure, 0, 0,   1,   Running,   True,        False
        Never,     0, 0,   0,   Succeeded, True,        False
        Never,     0, 0,   3,   Failed,    True,        False
        Never,     0, 0,   R,   Running,   True,        False
        Never,     1, -,   -,   Failed,    False,       False
        """)
    void phaseAndConditionsFollowTheContainers(
            String policy, String init, String a, String b, String phase, String initialized, String ready) {
        PodSpec spec = spec(policy, true, "");
        ObjectNode status = status(spec, record(spec, init, a, b));
        assertThat(Tree.text(status, "phase")).isEqualTo(phase);
        assertThat(condition(status, "Initialized")).isEqualTo(initialized);
        assertThat(condition(status, "Ready")).isEqualTo(ready);
        assertThat(condition(status, "PodScheduled")).isEqualTo("True");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        # policy,  i, a,   b, actions
        Always,    -, -,   -, Start i
        Always,    R, -,   -,
        Always,    0, -,   -, Start a + Start b
        Always,    c, -,   -,
        Always,    0, R,   R,
        Always,    0, 0,   R, Start a
        Always,    0, c,   R,
        OnFailure, 0, 1,   0, Start a
        Never,     0, 1,   R,
        Never,     0, 0,   0, TearDown
        Never,     1, -,   -, TearDown
        """)
    void nextStepFollowsTheRestartPolicy(String policy, String init, String a, String b, String actions) {
        PodSpec spec = spec(policy, true, "");
        assertThat(actions(PodPlan.of(spec, record(spec, init, a, b), false, NOW)))
                .isEqualTo(actions == null ? "" : actions);
    }

    private static String actions(PodPlan plan) {
        return plan.actions().stream()
                .map(action -> switch (action) {
                    case Action.SetUp _ -> "SetUp";
                    case Action.Start start -> "Start " + start.container().name();
                    case Action.Stop stop -> "Stop " + stop.container();
                    case Action.Kill kill -> "Kill " + kill.container();
                    case Action.Fail fail -> "Fail " + fail.why().reason();
                    case Action.TearDown _ -> "TearDown";
                    case Action.Forget _ -> "Forget";
                })
                .collect(Collectors.joining(" + "));
    }

    @Test
    void deletionStopsThenKillsThenTakesDown() {
        PodSpec spec = spec("Always", false, """
            ,"deletionTimestamp":"2026-01-02T03:04:10Z","deletionGracePeriodSeconds":5\
            """);
        PodRecord record = record(spec, "-", "R", "0");
        Instant killAt = Instant.parse("2026-01-02T03:04:10.6Z"); // the part of a second that the API cuts off stays
        PodPlan first = PodPlan.of(spec, record, false, NOW);
        assertThat(first.actions()).containsExactly(new Action.Stop("a", killAt, "Stopping container a"));
        PodRecord told = record.with("a", known -> known.told(killAt));
        PodPlan waiting = PodPlan.of(spec, told, false, NOW);
        assertThat(waiting.actions()).isEmpty();
        assertThat(waiting.again()).contains(killAt);
        assertThat(actions(PodPlan.of(spec, told, false, NOW.plusSeconds(5)))).isEqualTo("Kill a");
        PodRecord over = told.ended(spec, "a", 137, "", NOW);
        assertThat(actions(PodPlan.of(spec, over, false, NOW))).isEqualTo("TearDown + Forget");
        assertThat(Tree.text(status(spec, over), "phase")).isEqualTo("Failed");
    }

    @Test
    void podOverItsDeadlineFailsAndStops() {
        PodSpec spec = PodSpec.of(Json.parse("""
            {"metadata":{"name":"p","namespace":"n","uid":"u"},
             "spec":{"activeDeadlineSeconds":5,"containers":[{"name":"a","image":"x"},{"name":"b","image":"x"}]}}
            """));
        PodRecord record = record(spec, "-", "R", "0");
        assertThat(PodPlan.of(spec, record, false, NOW).again()).contains(NOW.plusSeconds(5));
        PodPlan plan = PodPlan.of(spec, record, false, NOW.plusSeconds(5));
        assertThat(actions(plan)).isEqualTo("Fail DeadlineExceeded");
        PodRecord failed = record.failed(new PodRecord.Failure("DeadlineExceeded", "too long"));
        assertThat(actions(PodPlan.of(spec, failed, false, NOW))).isEqualTo("Stop a");
        assertThat(Tree.text(status(spec, failed), "phase")).isEqualTo("Failed");
        assertThat(Tree.text(status(spec, failed), "reason")).isEqualTo("DeadlineExceeded");
        assertThat(RecordFile.parse(Json.parse(Json.toText(RecordFile.toTree(failed)))))
                .isEqualTo(failed);
    }

    @Test
    void sidecarsEndAfterTheContainersTheLastStartedFirst() {
        PodSpec spec = PodSpec.of(Json.parse("""
            {"metadata":{"name":"p","namespace":"n","uid":"u","deletionTimestamp":"2026-01-02T03:05:10Z"},
             "spec":{"initContainers":[{"name":"s1","image":"x","restartPolicy":"Always"},
                                       {"name":"s2","image":"x","restartPolicy":"Always"}],
              "containers":[{"name":"a","image":"x"}]}}
            """));
        PodRecord record = PodRecord.fresh(spec, NOW).networkUp(List.of());
        for (String name : List.of("s1", "s2", "a")) {
            record = with(spec, record, name, "R");
        }
        assertThat(actions(PodPlan.of(spec, record, false, NOW))).isEqualTo("Stop a");
        record = record.ended(spec, "a", 0, "", NOW);
        assertThat(actions(PodPlan.of(spec, record, false, NOW))).isEqualTo("Stop s2");
        record = record.ended(spec, "s2", 0, "", NOW);
        assertThat(actions(PodPlan.of(spec, record, false, NOW))).isEqualTo("Stop s1");
    }

    @Test
    void transitionTimeStaysWhileTheConditionDoes() {
        PodSpec spec = spec("Always", false, "");
        ObjectNode first = status(spec, record(spec, "-", "R", "r"));
        Instant later = NOW.plusSeconds(60);
        ObjectNode same = PodStatus.of(spec, record(spec, "-", "R", "r"), List.of(), first, later);
        ObjectNode changed = PodStatus.of(spec, record(spec, "-", "R", "R"), List.of(), same, later);
        assertThat(since(same, "Ready")).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(since(changed, "Ready")).isEqualTo("2026-01-02T03:05:05Z");
        assertThat(since(changed, "Initialized")).isEqualTo("2026-01-02T03:04:05Z");
    }

    private static String since(ObjectNode status, String type) {
        return Tree.objects(status, "conditions").stream()
                .filter(condition -> Tree.text(condition, "type").equals(type))
                .map(condition -> Tree.text(condition, "lastTransitionTime"))
                .findFirst()
                .orElse("");
    }

    @Test
    void recordSurvivesItsFile() {
        PodSpec spec = spec("Always", true, "");
        PodRecord record = record(spec, "0", "c", "R")
                .with("b", known -> known.condemnedFor("probe").told(NOW));
        assertThat(RecordFile.parse(Json.parse(Json.toText(RecordFile.toTree(record)))))
                .isEqualTo(record);
        assertThat(Optional.of(record.container("a").restarts())).contains(1);
    }
}
