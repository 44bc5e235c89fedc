package dev.fairway.control.workloads;

import dev.fairway.control.Indexes;
import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Canonical;
import dev.fairway.control.object.Pods;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Keeps one pod of a DaemonSet on every node that fits, and replaces old pods step by step.
public final class DaemonSetController implements Controller {

    /// The most pods created or deleted at once.
    private static final int BURST = 250;

    private final PodAdoption adoption;

    /// @param client for a fresh look before pods are adopted
    public DaemonSetController(ApiClient client) {
        this.adoption = new PodAdoption(client);
    }

    @Override
    public String name() {
        return "daemonset-controller";
    }

    @Override
    public List<Trigger> triggers() {
        return List.of(
                Trigger.self(Resource.DAEMON_SETS),
                new Trigger(
                        Resource.PODS,
                        (snapshot, key, before, now) ->
                                WorkloadKeys.ownersOf(snapshot, Resource.DAEMON_SETS, key, before, now)),
                new Trigger(Resource.NODES, DaemonSetController::ofNode));
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        return snapshot.get(key).map(set -> decide(snapshot, set, now)).orElse(Decision.NOTHING);
    }

    private Decision decide(Snapshot snapshot, ObjectNode set, Instant now) {
        List<ObjectNode> owned = List.copyOf(Indexes.podsOf(snapshot, set));
        DaemonPods pods = DaemonPods.of(set, owned, now);
        ObjectNode example = pods.make();
        List<ObjectNode> nodes = List.copyOf(snapshot.list(Resource.NODES, ""));
        List<String> wanted = nodes.stream()
                .filter(node -> DaemonNodes.on(node, example).shouldRun())
                .map(Meta::name)
                .toList();
        List<Write> writes = new ArrayList<>();
        if (!Meta.isBeingDeleted(set)) {
            writes.addAll(adoption.plan(snapshot, Resource.DAEMON_SETS, set, owned));
            if (writes.isEmpty()) {
                writes.addAll(place(pods, nodes, example));
            }
            // Rolling on waits until the mirrors show that each node has what it should.
            if (writes.isEmpty() && isRolling(set)) {
                writes.addAll(roll(pods, wanted));
            }
        }
        ObjectNode counted = DaemonStatus.of(
                        pods, wanted, nodes.stream().map(Meta::name).toList())
                .in(set);
        if (!Canonical.equal(counted, set)) {
            writes.add(new Write.UpdateStatus(Resource.DAEMON_SETS, counted));
        }
        return new Decision(writes, "pods or status differ from the nodes that fit", DaemonStatus.nextAvailable(pods));
    }

    private static boolean isRolling(ObjectNode set) {
        return !Tree.text(set, "spec", "updateStrategy", "type").equals("OnDelete");
    }

    private static List<Write> place(DaemonPods pods, List<ObjectNode> nodes, ObjectNode example) {
        List<Write> created = new ArrayList<>();
        List<Write> deleted = new ArrayList<>();
        for (ObjectNode node : nodes) {
            DaemonNodes fit = DaemonNodes.on(node, example);
            List<ObjectNode> staying = pods.staying(Meta.name(node));
            if (fit.shouldRun() && pods.on(Meta.name(node)).isEmpty()) {
                created.add(create(pods, Meta.name(node)));
            } else if (!fit.mayStay()) {
                staying.forEach(pod -> deleted.addAll(delete(pods, pod)));
            } else {
                deleted.addAll(surplus(pods, staying));
            }
        }
        List<Write> out = new ArrayList<>(created.subList(0, Math.min(BURST, created.size())));
        out.addAll(deleted.subList(0, Math.min(2 * BURST, deleted.size())));
        return out;
    }

    /// Pods that have ended are replaced; of several that run, the oldest of each template stays, and one of an old
    /// template only while a rollout is under way.
    private static List<Write> surplus(DaemonPods pods, List<ObjectNode> staying) {
        List<Write> out = new ArrayList<>();
        Set<Boolean> kept = new HashSet<>();
        for (ObjectNode pod : staying) {
            if (Pods.isTerminal(pod)) {
                boolean failed = Pods.phase(pod).equals("Failed");
                out.add(announce(
                        pods.set(),
                        failed,
                        failed ? "FailedDaemonPod" : "SucceededDaemonPod",
                        "Found %s daemon pod %s on node %s, will try to %s it"
                                .formatted(
                                        failed ? "failed" : "succeeded",
                                        Meta.key(pod),
                                        Pods.nodeName(pod),
                                        failed ? "kill" : "delete")));
                out.addAll(delete(pods, pod));
            } else if (!kept.add(pods.isCurrent(pod))) {
                out.addAll(delete(pods, pod));
            }
        }
        return out;
    }

    private static List<Write> roll(DaemonPods pods, List<String> wanted) {
        DaemonRollout rollout = DaemonRollout.plan(pods, wanted);
        List<Write> out = new ArrayList<>();
        rollout.created().forEach(node -> out.add(create(pods, node)));
        rollout.deleted().stream()
                .filter(pod -> !Meta.isBeingDeleted(pod))
                .forEach(pod -> out.addAll(delete(pods, pod)));
        return out;
    }

    private static Write create(DaemonPods pods, String node) {
        return new Write.Create(
                Resource.PODS,
                pods.makeFor(node),
                created ->
                        List.of(announce(pods.set(), false, "SuccessfulCreate", "Created pod: " + Meta.name(created))));
    }

    private static List<Write> delete(DaemonPods pods, ObjectNode pod) {
        return List.of(
                Write.Delete.of(Resource.PODS, pod),
                announce(pods.set(), false, "SuccessfulDelete", "Deleted pod: " + Meta.name(pod)));
    }

    private static Write announce(ObjectNode set, boolean warning, String reason, String message) {
        return new Write.Announce(Resource.DAEMON_SETS, set, warning, reason, message);
    }

    /// A node's labels and taints decide; its heartbeat does not.
    private static Collection<WorkKey> ofNode(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        boolean same = before.map(Meta::labels).equals(now.map(Meta::labels))
                && before.map(node -> Tree.at(node, "spec")).equals(now.map(node -> Tree.at(node, "spec")));
        return same
                ? List.of()
                : snapshot.list(Resource.DAEMON_SETS, "").stream()
                        .map(set -> WorkKey.of(Resource.DAEMON_SETS, set))
                        .toList();
    }
}
