package dev.fairway.control.lifecycle;

import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Pods;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Removes pods that nobody else removes: the oldest of those that have ended once there are too many, and deleted ones
/// that never had a node. Pods of nodes that are gone are the node controller's.
public final class PodGarbageController implements Controller {

    /// Upstream's `--terminated-pod-gc-threshold`.
    public static final int KEPT = 12_500;

    private static final WorkKey ALL = new WorkKey(Resource.PODS, "", "");
    private static final Duration PERIOD = Duration.ofSeconds(20);

    private final int kept;

    /// @param kept how many pods that have ended may stay to be looked at
    public PodGarbageController(int kept) {
        this.kept = kept;
    }

    @Override
    public String name() {
        return "pod-garbage-collector";
    }

    @Override
    public List<Trigger> triggers() {
        return List.of(new Trigger(
                Resource.PODS,
                (snapshot, key, before, now) ->
                        now.filter(PodGarbageController::concerns).isPresent() ? List.of(ALL) : List.of(),
                PERIOD));
    }

    @Override
    public int workers() {
        return 1;
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        List<Write> out = new ArrayList<>();
        List<ObjectNode> ended = new ArrayList<>();
        for (ObjectNode pod : snapshot.list(Resource.PODS, "")) {
            if (isLost(pod)) {
                out.add(Write.Delete.of(Resource.PODS, pod).now());
            } else if (Pods.isTerminal(pod)) {
                ended.add(pod);
            }
        }
        ended.stream()
                .sorted(Comparator.comparing(Times::created).thenComparing(Meta::key))
                .limit(Math.max(0, ended.size() - kept))
                .forEach(pod -> out.add(Write.Delete.of(Resource.PODS, pod).now()));
        return Decision.of("pods that nobody needs", out);
    }

    private static boolean concerns(JsonNode pod) {
        return Pods.isTerminal(pod) || isLost(pod);
    }

    private static boolean isLost(JsonNode pod) {
        return Meta.isBeingDeleted(pod) && Pods.nodeName(pod).isEmpty();
    }
}
