package dev.fairway.control.leader;

import dev.fairway.schema.Json;
import dev.fairway.schema.Times;
import dev.fairway.schema.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Who may hold a Lease: the rules of client-go's leader election (k8s.io/client-go/tools/leaderelection). Pure.
///
/// @param identity who claims
/// @param life how long the others believe in a holder that says nothing
record LeaderClaim(String namespace, String name, String identity, Duration life) {

    /// A lease as somebody saw it change last. Its own times are not compared with a clock of ours: clocks differ.
    ///
    /// @param spec as it was; anything but an equal one is a change
    /// @param since when it was seen first
    record Seen(ObjectNode spec, Instant since) {}

    /// What one look at the lease leads to.
    ///
    /// @param seen what to remember for the next look
    /// @param lease what to write to be the holder; empty while another one holds it
    record Step(Seen seen, Optional<ObjectNode> lease) {}

    Step look(Optional<ObjectNode> found, Optional<Seen> before, Instant now) {
        if (found.isEmpty()) {
            ObjectNode lease = Json.object();
            lease.putObject("metadata").put("namespace", namespace).put("name", name);
            hold(lease, now, now, 0);
            return new Step(new Seen(Json.object(), now), Optional.of(lease));
        }
        ObjectNode spec = Tree.makeObject(found.get().deepCopy(), "spec");
        Seen seen = before.filter(old -> old.spec.equals(spec)).orElseGet(() -> new Seen(spec, now));
        String holder = Tree.text(spec, "holderIdentity");
        boolean mine = holder.equals(identity);
        if (!mine && !holder.isEmpty() && now.isBefore(seen.since.plus(lifeOf(spec)))) {
            return new Step(seen, Optional.empty());
        }
        ObjectNode lease = found.get().deepCopy();
        Instant acquired = mine ? Times.find(spec, "acquireTime").orElse(now) : now;
        hold(lease, acquired, now, Tree.number(spec, 0, "leaseTransitions") + (mine ? 0 : 1));
        return new Step(seen, Optional.of(lease));
    }

    /// The lease when its holder gives it up: the next one need not wait.
    ObjectNode release(ObjectNode held, Instant now) {
        ObjectNode lease = held.deepCopy();
        ObjectNode spec = Tree.makeObject(lease, "spec");
        spec.put("holderIdentity", "");
        spec.put("leaseDurationSeconds", 1);
        spec.put("renewTime", Times.toMicroText(now));
        return lease;
    }

    private Duration lifeOf(ObjectNode spec) {
        return Duration.ofSeconds(Tree.number(spec, life.toSeconds(), "leaseDurationSeconds"));
    }

    private void hold(ObjectNode lease, Instant acquired, Instant now, long transitions) {
        ObjectNode spec = Tree.makeObject(lease, "spec");
        spec.put("holderIdentity", identity);
        spec.put("leaseDurationSeconds", life.toSeconds());
        spec.put("acquireTime", Times.toMicroText(acquired));
        spec.put("renewTime", Times.toMicroText(now));
        spec.put("leaseTransitions", transitions);
    }
}
