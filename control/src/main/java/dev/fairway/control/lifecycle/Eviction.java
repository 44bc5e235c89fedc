package dev.fairway.control.lifecycle;

import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Taints;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Times;
import dev.fairway.schema.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Which pods a node's `NoExecute` taints drive out, and when.
///
/// @param writes those whose time has come
/// @param next when the next one's time comes
record Eviction(List<Write> writes, Optional<Duration> next) {

    /// How long pods may stay on a node that is not ready when they say nothing about it.
    private static final long PATIENCE_SECONDS = 300;

    static Eviction of(JsonNode node, Collection<ObjectNode> pods, Instant now) {
        List<ObjectNode> taints = Taints.of(node).filter(Taints::drivesOut).toList();
        List<Write> writes = new ArrayList<>();
        Optional<Duration> next = Optional.empty();
        for (ObjectNode pod : taints.isEmpty() ? List.<ObjectNode>of() : pods) {
            Optional<Instant> due = taints.stream()
                    .flatMap(taint -> due(pod, taint, now).stream())
                    .min(Instant::compareTo);
            if (due.isEmpty() || Meta.isBeingDeleted(pod)) {
                continue;
            }
            Duration left = Duration.between(now, due.get());
            if (!left.isPositive()) {
                writes.add(new Write.Announce(
                        Resource.PODS,
                        pod,
                        false,
                        "TaintManagerEviction",
                        "Marking for deletion Pod " + Meta.key(pod)));
                writes.add(Write.Delete.of(Resource.PODS, pod));
            } else if (next.isEmpty() || left.compareTo(next.get()) < 0) {
                next = Optional.of(left);
            }
        }
        return new Eviction(writes, next);
    }

    /// Empty when the pod may stay for good.
    private static Optional<Instant> due(JsonNode pod, JsonNode taint, Instant now) {
        Instant since = Times.find(taint, "timeAdded").orElse(now);
        List<ObjectNode> tolerations = Taints.tolerations(pod, taint).toList();
        if (tolerations.isEmpty()) {
            String key = Tree.text(taint, "key");
            boolean state = key.equals(NodeTaints.NOT_READY) || key.equals(NodeTaints.UNREACHABLE);
            return Optional.of(state ? since.plusSeconds(PATIENCE_SECONDS) : now);
        }
        OptionalLong shortest = tolerations.stream()
                .flatMapToLong(toleration -> Tree.has(toleration, "tolerationSeconds")
                        ? LongStream.of(Math.max(0, Tree.number(toleration, 0, "tolerationSeconds")))
                        : LongStream.empty())
                .min();
        return shortest.isPresent() ? Optional.of(since.plusSeconds(shortest.getAsLong())) : Optional.empty();
    }
}
