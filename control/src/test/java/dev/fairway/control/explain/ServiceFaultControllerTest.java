package dev.fairway.control.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.control.loop.Controller.Trigger;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.FixedSnapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Conditions;
import dev.fairway.control.object.Pods;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// When a Service is told that nobody behind it is ready: all times are seconds ago.
class ServiceFaultControllerTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String CONDITION = "fairway.dev/healthy";
    private static final WorkKey WEB = new WorkKey(Resource.SERVICES, "shop", "web");

    private final List<List<String>> aliasesSeen = new ArrayList<>();
    private final ServiceFaultController controller = new ServiceFaultController((service, pods, slices, aliases) -> {
        aliasesSeen.add(aliases.stream().map(Meta::name).toList());
        return pods.stream().anyMatch(Pods::isReady)
                ? Optional.empty()
                : Optional.of(new ServiceFaults.Fault("NobodyReady", "of " + pods.size() + " pods"));
    });

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            what                     | created | pod              | told | does
            it has just come         | 3       |                  |      | waits 7 s
            no pod came              | 10      |                  |      | says "of 0 pods", again in 300 s
            it was told              | 3600    |                  | 100  | waits 200 s
            it was told long ago     | 3600    |                  | 300  | says "of 0 pods", again in 300 s
            it was told at once      | 4       |                  | 2    | waits 6 s
            a ready pod              | 3600    | True 3000 3000   |      | does nothing
            a pod that starts        | 3600    | False 5 5        |      | waits 25 s
            a pod that does not      | 3600    | False 30 30      |      | says "of 1 pods", again in 300 s
            a pod that was ready     | 3600    | False 3000 12    |      | waits 18 s
            """, useHeadersInDisplayName = true)
    void whenItIsTold(String what, long created, @Nullable String pod, @Nullable Long told, String does) {
        FixedSnapshot snapshot = snapshot(service(created), pod);
        if (told != null) {
            var said = new Write.Announce(Resource.SERVICES, service(created), true, "NobodyReady", "of 0 pods");
            snapshot.with(Resource.EVENTS, List.of(event(said.eventName("fairway-explain"), told)));
        }
        assertThat(text(controller.decide(snapshot, WEB, NOW))).as(what).isEqualTo(does);
    }

    private static FixedSnapshot snapshot(ObjectNode service, @Nullable String pod) {
        FixedSnapshot out = new FixedSnapshot().with(Resource.SERVICES, List.of(service));
        if (pod != null) {
            String[] words = pod.split(" ");
            out.with(Resource.PODS, List.of(pod(words[0], Long.parseLong(words[1]), Long.parseLong(words[2]))));
        }
        return out;
    }

    /// A Service of an hour's age; `-` for no condition and for no write.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            what                        | pod            | condition                     | hidden | written
            never had a fault           | True 3000 3000 | -                             | false  | -
            the first fault             |                | -                             | false  | False NobodyReady: of 0 pods
            the same fault still        |                | False NobodyReady: of 0 pods  | false  | -
            another sentence            | False 60 60    | False NobodyReady: of 0 pods  | false  | False NobodyReady: of 1 pods
            a fault that has just come  | False 5 5      | True NoFault: fine            | false  | -
            it is mended                | True 9 9       | False NobodyReady: of 0 pods  | false  | True NoFault: nothing is wrong that the API shows
            it stays mended             | True 9 9       | True NoFault: nothing is wrong that the API shows | false | -
            a fault, but nobody asks    |                | -                             | true   | -
            nobody asks any more        |                | False NobodyReady: of 0 pods  | true   | none
            """, useHeadersInDisplayName = true)
    void whatTheConditionBecomes(String what, @Nullable String pod, String condition, boolean hidden, String written) {
        ObjectNode service = service(3600);
        if (!condition.equals("-")) {
            String[] words = condition.split("[: ]+", 3);
            Conditions.set(service, Conditions.of(CONDITION, words[0], words[1], words[2], NOW));
        }
        Conditions.set(service, Conditions.of("other.example/one", "True", "Other", "of others", NOW));
        if (hidden) {
            ((ObjectNode) service.get("metadata")).putObject("annotations").put(CONDITION, "hidden");
        }
        List<String> writes = controller.decide(snapshot(service, pod), WEB, NOW).writes().stream()
                .flatMap(write -> write instanceof Write.UpdateStatus it ? Stream.of(it.object()) : Stream.empty())
                .peek(object -> assertThat(Conditions.isTrue(object, "other.example/one"))
                        .isTrue())
                .map(object -> Conditions.find(object, CONDITION)
                        .map(ServiceFaultControllerTest::conditionText)
                        .orElse("none"))
                .toList();
        assertThat(writes).as(what).isEqualTo(written.equals("-") ? List.of() : List.of(written));
    }

    private static String conditionText(ObjectNode condition) {
        return Tree.text(condition, "status") + " " + Tree.text(condition, "reason") + ": "
                + Tree.text(condition, "message");
    }

    private static String text(Decision decision) {
        String again = decision.again().map(delay -> delay.toSeconds() + " s").orElse("never");
        if (!(decision.writes().stream().findFirst().orElse(null) instanceof Write.Announce said)) {
            return decision.again().isPresent() ? "waits " + again : "does nothing";
        }
        assertThat(said.warning()).isTrue();
        assertThat(said.reason()).isEqualTo("NobodyReady");
        assertThat(Meta.namespace(said.about())).isEqualTo("shop");
        return "says \"" + said.message() + "\", again in " + again;
    }

    @Test
    void aServiceThatGoesIsNotTold() {
        ObjectNode service = service(3600);
        ((ObjectNode) service.get("metadata")).put("deletionTimestamp", ago(1));
        assertThat(controller.decide(new FixedSnapshot().with(Resource.SERVICES, List.of(service)), WEB, NOW))
                .isEqualTo(Decision.NOTHING);
        assertThat(controller.decide(new FixedSnapshot(), WEB, NOW)).isEqualTo(Decision.NOTHING);
    }

    @Test
    void theWayOfExternalNamesIsLookedAt() {
        FixedSnapshot snapshot = new FixedSnapshot()
                .with(
                        Resource.SERVICES,
                        List.of(
                                alias("web", "b"),
                                alias("b", "c"),
                                alias("c", "web"),
                                alias("d", "e"),
                                alias("e", "e")));
        assertThat(text(controller.decide(snapshot, WEB, NOW))).startsWith("says");
        assertThat(text(controller.decide(snapshot, new WorkKey(Resource.SERVICES, "shop", "d"), NOW)))
                .startsWith("says");
        assertThat(aliasesSeen).containsExactly(List.of("b", "c"), List.of("e"));
    }

    /// `-` for no pod before.
    @ParameterizedTest
    @CsvSource({
        "-, web True, true",
        "web True, web False, true",
        "web True, db True, true",
        "web True, web True, false",
        "db False, db True, false",
    })
    void onlyWhatMattersMakesWork(String before, String now, boolean work) {
        FixedSnapshot snapshot = new FixedSnapshot().with(Resource.SERVICES, List.of(service(9)));
        Trigger trigger = trigger(Resource.PODS);
        Optional<ObjectNode> was = before.equals("-") ? Optional.empty() : Optional.of(changed(before, "1"));

        assertThat(trigger.mapping().keys(snapshot, new ObjectKey("shop", "a"), was, Optional.of(changed(now, "2"))))
                .isEqualTo(work ? Set.of(WEB) : Set.of());
    }

    @Test
    void aServiceIsNotJudgedAnewForItsConditions() {
        FixedSnapshot snapshot = new FixedSnapshot().with(Resource.SERVICES, List.of(service(9)));
        ObjectNode before = service(9);
        ObjectNode told = service(9);
        Conditions.set(told, Conditions.of(CONDITION, "False", "NobodyReady", "of 0 pods", NOW));
        ObjectNode other = service(9);
        ((ObjectNode) other.get("spec")).putObject("selector").put("app", "db");

        assertThat(ofServices(snapshot, before, told)).isEmpty();
        assertThat(ofServices(snapshot, before, other)).containsExactly(WEB);
        assertThat(ofServices(snapshot, before, before)).as("at the start").containsExactly(WEB);
    }

    private Collection<WorkKey> ofServices(FixedSnapshot snapshot, ObjectNode before, ObjectNode now) {
        return trigger(Resource.SERVICES)
                .mapping()
                .keys(snapshot, new ObjectKey("shop", "web"), Optional.of(before), Optional.of(now));
    }

    private Trigger trigger(Resource resource) {
        return controller.triggers().stream()
                .filter(it -> it.resource().equals(resource))
                .findFirst()
                .orElseThrow();
    }

    private static ObjectNode changed(String words, String version) {
        ObjectNode pod = pod(words.split(" ")[1], 9, 9);
        ObjectNode metadata = (ObjectNode) pod.get("metadata");
        metadata.put("resourceVersion", version).putObject("labels").put("app", words.split(" ")[0]);
        return pod;
    }

    private static ObjectNode service(long created) {
        return Json.parse("""
                {"metadata": {"namespace": "shop", "name": "web", "uid": "u", "creationTimestamp": "%s"},
                 "spec": {"selector": {"app": "web"}}}""".formatted(ago(created)));
    }

    private static ObjectNode alias(String name, String to) {
        return Json.parse("""
                {"metadata": {"namespace": "shop", "name": "%s", "uid": "u"},
                 "spec": {"type": "ExternalName", "externalName": "%s.shop.svc.cluster.local"}}""".formatted(name, to));
    }

    private static ObjectNode event(String name, long told) {
        ObjectNode event = Json.object().put("lastTimestamp", ago(told));
        event.putObject("metadata").put("namespace", "shop").put("name", name);
        return event;
    }

    private static ObjectNode pod(String ready, long created, long changed) {
        ObjectNode pod = Json.parse("""
                {"metadata": {"namespace": "shop", "name": "a", "labels": {"app": "web"}},
                 "status": {"conditions": [{"type": "Ready"}]}}""");
        ((ObjectNode) pod.get("metadata")).put("creationTimestamp", ago(created));
        ((ObjectNode) pod.at("/status/conditions/0")).put("status", ready).put("lastTransitionTime", ago(changed));
        return pod;
    }

    private static String ago(long seconds) {
        return NOW.minusSeconds(seconds).toString();
    }
}
