package dev.fairway.api.kind;

import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Rules of leases.
final class LeaseRules implements KindRules {

    @Override
    public List<Cause> validateCreate(ObjectNode lease) {
        Causes causes = new Causes();
        if (Tree.has(lease, "spec", "leaseDurationSeconds")) {
            long seconds = Tree.number(lease, 0, "spec", "leaseDurationSeconds");
            if (seconds <= 0) {
                causes.invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0");
            }
        }
        PodValidation.notNegative(causes, "spec.leaseTransitions", Tree.at(lease, "spec"), "leaseTransitions");
        return causes.list();
    }

    @Override
    public List<Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        return validateCreate(now);
    }
}
