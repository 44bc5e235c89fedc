package dev.fairway.control.endpoints;

import dev.fairway.schema.Times;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// When a change of endpoints began, which readers need to tell how long it took to reach the kernel. What the existing
/// object says stands in for a memory of earlier rounds, so a restarted controller goes on where it was.
final class TriggerTime {

    private TriggerTime() {}

    /// @param created the Service, when nothing tells of it yet
    /// @param told whether each endpoint that is already told of serves, by identity
    /// @return empty when no pod became ready or unready: the old time must go, for it speaks of another change
    static Optional<Instant> of(WantedEndpoints wanted, Optional<ObjectNode> created, Map<String, Boolean> told) {
        if (created.isPresent()) {
            return created.map(Times::created);
        }
        return wanted.readyChanged().entrySet().stream()
                .filter(change ->
                        !wanted.serves(change.getKey()).equals(Optional.ofNullable(told.get(change.getKey()))))
                .map(Map.Entry::getValue)
                .min(Instant::compareTo);
    }
}
