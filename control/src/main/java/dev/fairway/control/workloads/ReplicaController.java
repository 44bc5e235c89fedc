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
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Keeps as many pods running as a ReplicaSet or a ReplicationController asks for.
public final class ReplicaController implements Controller {

    /// The most pods created or deleted at once, so that a mistaken number can still be corrected.
    private static final int BURST = 500;

    private final Resource sets;
    private final String name;
    private final PodAdoption adoption;

    private ReplicaController(Resource sets, String name, ApiClient client) {
        this.sets = sets;
        this.name = name;
        this.adoption = new PodAdoption(client);
    }

    /// @param client for a fresh look before pods are adopted
    public static ReplicaController ofReplicaSets(ApiClient client) {
        return new ReplicaController(Resource.REPLICA_SETS, "replicaset-controller", client);
    }

    /// @param client for a fresh look before pods are adopted
    public static ReplicaController ofReplicationControllers(ApiClient client) {
        return new ReplicaController(Resource.REPLICATION_CONTROLLERS, "replication-controller", client);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Trigger> triggers() {
        return List.of(
                Trigger.self(sets),
                new Trigger(
                        Resource.PODS,
                        (snapshot, key, before, now) -> WorkloadKeys.ownersOf(snapshot, sets, key, before, now)));
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        return snapshot.get(key).map(set -> decide(snapshot, set, now)).orElse(Decision.NOTHING);
    }

    private Decision decide(Snapshot snapshot, ObjectNode set, Instant now) {
        List<ObjectNode> owned = List.copyOf(Indexes.podsOf(snapshot, set));
        List<Write> writes = new ArrayList<>();
        if (!Meta.isBeingDeleted(set)) {
            writes.addAll(adoption.plan(snapshot, sets, set, owned));
            // What is adopted or released counts in the next round, when the mirrors show it.
            if (writes.isEmpty()) {
                writes.addAll(scale(set, owned.stream().filter(Pods::isActive).toList()));
            }
        }
        ReplicaCount count = ReplicaCount.of(set, owned, now);
        ObjectNode counted = count.in(set);
        if (!Canonical.equal(counted, set)) {
            writes.add(new Write.UpdateStatus(sets, counted));
        }
        return new Decision(writes, "pods or status differ from the wanted replicas", count.nextAvailable());
    }

    private List<Write> scale(ObjectNode set, List<ObjectNode> active) {
        long missing = Tree.number(set, 1, "spec", "replicas") - active.size();
        List<Write> out = new ArrayList<>();
        for (long number = 0; number < Math.min(missing, BURST); number++) {
            out.add(create(set));
        }
        if (missing < 0) {
            active.stream()
                    .sorted(DeletionOrder.of(active))
                    .limit(Math.min(-missing, BURST))
                    .forEach(pod -> {
                        out.add(Write.Delete.of(Resource.PODS, pod));
                        out.add(announce(set, "SuccessfulDelete", "Deleted pod: " + Meta.name(pod)));
                    });
        }
        return out;
    }

    private Write create(ObjectNode set) {
        ObjectNode pod = PodTemplate.podOf(sets, set);
        return new Write.Create(
                Resource.PODS,
                pod,
                created -> List.of(announce(set, "SuccessfulCreate", "Created pod: " + Meta.name(created))));
    }

    private Write announce(ObjectNode set, String reason, String message) {
        return new Write.Announce(sets, set, false, reason, message);
    }
}
