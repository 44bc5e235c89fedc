package dev.fairway.control.lifecycle;

import dev.fairway.control.Indexes;
import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Conditions;
import dev.fairway.control.object.Pods;
import dev.fairway.control.object.Taints;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Times;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Notices nodes that fall silent: they become Unknown, their pods unready so that no Service sends traffic there.
/// Taints tell a node's state, and drive out the pods that do not tolerate it (any longer). Pods of a node that no
/// longer exists are removed.
public final class NodeLifecycleController implements Controller {

    private static final String LEASE_NAMESPACE = "kube-node-lease";

    private final ApiClient client;
    private final Duration silence;
    private final Instant started;

    /// @param client for a fresh look only, before a node is given up or pods of a missing one are removed
    /// @param silence how long a node may go without a sign of life
    /// @param started when this controller began to listen: no node is blamed for the time before
    public NodeLifecycleController(ApiClient client, Duration silence, Instant started) {
        this.client = client;
        this.silence = silence;
        this.started = started;
    }

    @Override
    public String name() {
        return "node-controller";
    }

    @Override
    public List<Trigger> triggers() {
        return List.of(
                Trigger.self(Resource.NODES),
                new Trigger(Resource.LEASES, NodeLifecycleController::nodeOfLease),
                new Trigger(Resource.PODS, NodeLifecycleController::nodeOfPod));
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        return snapshot.get(key).map(node -> decide(snapshot, node, now)).orElseGet(() -> removePods(key, snapshot));
    }

    private Decision decide(Snapshot snapshot, ObjectNode node, Instant now) {
        Optional<ObjectNode> lease = snapshot.get(Resource.LEASES, LEASE_NAMESPACE, Meta.name(node));
        Instant deadline = lastSign(node, lease).plus(silence);
        boolean silent = !deadline.isAfter(now);
        if (silent && !readyStatus(node).equals("Unknown")) {
            return Decision.of(
                            "the node is silent",
                            Write.Outside.of(
                                    "look once more for a sign of node " + Meta.name(node), () -> loseOrNot(node, now)))
                    .againAfter(silence);
        }
        List<Write> out = new ArrayList<>(NodeTaints.writes(node, now));
        Collection<ObjectNode> pods = Indexes.podsOn(snapshot, Meta.name(node));
        if (!Conditions.isTrue(node, "Ready")) {
            pods.stream().filter(Pods::isReady).forEach(pod -> out.addAll(unready(pod, now)));
        }
        Eviction eviction = Eviction.of(node, pods, now);
        out.addAll(eviction.writes());
        Optional<Duration> nextSign = silent ? Optional.empty() : Optional.of(Duration.between(now, deadline));
        Optional<Duration> next =
                Stream.concat(nextSign.stream(), eviction.next().stream()).min(Duration::compareTo);
        return new Decision(out, "the node's state concerns its pods", next);
    }

    /// The mirror of the leases may lag; before a node is given up, its lease itself is read.
    private List<Write> loseOrNot(ObjectNode node, Instant now) {
        Optional<ObjectNode> lease = client.get(Resource.LEASES, LEASE_NAMESPACE, Meta.name(node));
        return lastSign(node, lease).plus(silence).isAfter(now) ? List.of() : lose(node, now);
    }

    private Instant lastSign(JsonNode node, Optional<ObjectNode> lease) {
        Optional<Instant> renewed = lease.flatMap(it -> Times.find(it, "spec", "renewTime"));
        Optional<Instant> heartbeat = Conditions.find(node, "Ready")
                .filter(condition -> !Tree.text(condition, "status").equals("Unknown"))
                .flatMap(condition -> Times.find(condition, "lastHeartbeatTime"));
        return Stream.of(renewed, heartbeat, Optional.of(Times.created(node)), Optional.of(started))
                .flatMap(Optional::stream)
                .max(Instant::compareTo)
                .orElse(started);
    }

    private static String readyStatus(JsonNode node) {
        return Conditions.find(node, "Ready")
                .map(condition -> Tree.text(condition, "status"))
                .orElse("");
    }

    private static List<Write> lose(ObjectNode node, Instant now) {
        ObjectNode changed = node.deepCopy();
        ObjectNode unknown =
                Conditions.of("Ready", "Unknown", "NodeStatusUnknown", "The node stopped posting its status.", now);
        Conditions.find(node, "Ready")
                .map(old -> Tree.text(old, "lastHeartbeatTime"))
                .filter(time -> !time.isEmpty())
                .ifPresent(time -> unknown.put("lastHeartbeatTime", time));
        Conditions.set(changed, unknown);
        String message = "Node %s status is now: NodeNotReady".formatted(Meta.name(node));
        return List.of(
                new Write.UpdateStatus(Resource.NODES, changed),
                new Write.Announce(Resource.NODES, node, false, "NodeNotReady", message));
    }

    private static List<Write> unready(ObjectNode pod, Instant now) {
        ObjectNode changed = pod.deepCopy();
        Conditions.set(changed, Conditions.of("Ready", "False", "NodeNotReady", "Node is not ready", now));
        return List.of(
                new Write.UpdateStatus(Resource.PODS, changed),
                new Write.Announce(Resource.PODS, pod, true, "NodeNotReady", "Node is not ready"));
    }

    /// Nobody is left to confirm that these pods have ended.
    private Decision removePods(WorkKey key, Snapshot snapshot) {
        List<Write> deletions = Indexes.podsOn(snapshot, key.name()).stream()
                .map(pod -> (Write) Write.Delete.of(Resource.PODS, pod).now())
                .toList();
        return deletions.isEmpty()
                ? Decision.NOTHING
                : Decision.of(
                        "the node is gone",
                        Write.Outside.of(
                                "make sure that node " + key.name() + " is gone",
                                () -> client.get(Resource.NODES, "", key.name()).isPresent() ? List.of() : deletions));
    }

    private static List<WorkKey> nodeOfLease(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        return key.namespace().equals(LEASE_NAMESPACE)
                ? List.of(new WorkKey(Resource.NODES, "", key.name()))
                : List.of();
    }

    /// A pod matters here only while its node does not serve or drives pods out.
    private static List<WorkKey> nodeOfPod(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        return now
                .map(Pods::nodeName)
                .filter(node -> !node.isEmpty())
                .map(node -> new WorkKey(Resource.NODES, "", node))
                .filter(node -> snapshot.get(node)
                        .filter(it -> Conditions.isTrue(it, "Ready"))
                        .filter(it -> Taints.of(it).noneMatch(Taints::drivesOut))
                        .isEmpty())
                .stream()
                .toList();
    }
}
