package dev.fairway.control.programmed;

import dev.fairway.control.Indexes;
import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Conditions;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Programmed;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Revision;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Says of each Service on how many nodes it is in the kernel as it is now: when it is on all of them, or when that
/// takes long. Each change of a Service costs one write, and only so many are written at a time: whoever waits for the
/// newest is served first, and a burst of changes does not become a burst of writes.
public final class ProgrammedController implements Controller {

    private static final String LEASE_NAMESPACE = "kube-node-lease";
    private static final WorkKey ALL = new WorkKey(Resource.SERVICES, "", "");
    private static final int WRITES_MAX = 50;
    /// What changes soon after each other is written once, and who writes a Service twice in a row is not in the way.
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /// After this time it is told which nodes are behind.
    private static final Duration LONG = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "fairway-programmed";
    }

    @Override
    public List<Trigger> triggers() {
        return List.of(
                new Trigger(Resource.SERVICES, (_, _, _, now) -> ifAwaited(now, ALL), PAUSE),
                new Trigger(
                        Resource.SERVICES,
                        (_, key, _, now) -> ifAwaited(now, WorkKey.of(Resource.SERVICES, key)),
                        LONG),
                new Trigger(Resource.LEASES, ProgrammedController::ofLease, PAUSE),
                new Trigger(Resource.NODES, ProgrammedController::ofNode, PAUSE));
    }

    @Override
    public int workers() {
        return 1;
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        NodeProgress nodes = NodeProgress.of(
                snapshot.list(Resource.LEASES, LEASE_NAMESPACE),
                name -> snapshot.get(Resource.NODES, "", name)
                        .filter(node -> Conditions.isTrue(node, "Ready"))
                        .isPresent());
        if (nodes.isEmpty()) {
            return Decision.NOTHING;
        }
        return key.equals(ALL)
                ? everywhere(Indexes.servicesNotProgrammed(snapshot), nodes, now)
                : snapshot.get(key)
                        .filter(Programmed::isAwaited)
                        .map(service -> behind(service, nodes, now))
                        .orElse(Decision.NOTHING);
    }

    private static Decision everywhere(Collection<ObjectNode> services, NodeProgress nodes, Instant now) {
        List<ObjectNode> done = services.stream()
                .filter(service -> nodes.behind(revision(service)).isEmpty())
                .sorted(Comparator.comparingLong(ProgrammedController::revision).reversed())
                .toList();
        List<Write> writes = done.stream()
                .limit(WRITES_MAX)
                .map(service -> write(service, "True", "Programmed", nodes, now))
                .toList();
        Decision decision = Decision.of("all nodes have it", writes);
        return done.size() > writes.size() ? decision.againAfter(PAUSE) : decision;
    }

    private static Decision behind(ObjectNode service, NodeProgress nodes, Instant now) {
        return nodes.behind(revision(service)).isEmpty()
                        || Conditions.find(service, Programmed.CONDITION).isPresent()
                ? Decision.NOTHING
                : Decision.of("some nodes take long", write(service, "False", "Behind", nodes, now));
    }

    private static Write write(ObjectNode service, String status, String reason, NodeProgress nodes, Instant now) {
        ObjectNode changed = service.deepCopy();
        String message = nodes.toText(revision(service));
        Conditions.set(changed, Conditions.of(Programmed.CONDITION, status, reason, message, now));
        return new Write.UpdateStatus(Resource.SERVICES, changed);
    }

    private static long revision(ObjectNode service) {
        return Revision.of(Meta.resourceVersion(service));
    }

    private static Collection<WorkKey> ifAwaited(Optional<ObjectNode> service, WorkKey work) {
        return service.filter(Programmed::isAwaited).map(_ -> List.of(work)).orElse(List.of());
    }

    private static Collection<WorkKey> ofLease(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        boolean concerns = key.namespace().equals(LEASE_NAMESPACE)
                && !before.map(ProgrammedController::told).equals(now.map(ProgrammedController::told));
        return concerns ? List.of(ALL) : List.of();
    }

    private static String told(ObjectNode lease) {
        return Meta.annotation(lease, Programmed.REVISION);
    }

    /// Nobody waits for a node that is not ready, or gone.
    private static Collection<WorkKey> ofNode(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        boolean was = before.filter(node -> Conditions.isTrue(node, "Ready")).isPresent();
        boolean is = now.filter(node -> Conditions.isTrue(node, "Ready")).isPresent();
        return was == is ? List.of() : List.of(ALL);
    }
}
