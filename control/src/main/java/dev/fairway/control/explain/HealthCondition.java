package dev.fairway.control.explain;

import dev.fairway.control.explain.ServiceFaults.Fault;
import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Conditions;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The condition by which a Service says what keeps it from working. It comes with the first fault and stays: a Service
/// that never had one has none, and is not written for it. Pure.
final class HealthCondition {

    /// The type of the condition, and the annotation by which a Service asks for none.
    static final String TYPE = "fairway.dev/healthy";

    private static final String HIDDEN = "hidden";

    private HealthCondition() {}

    /// What makes the condition say so; empty when it does.
    static Optional<Write> write(ObjectNode service, Optional<Fault> fault, Instant now) {
        Optional<ObjectNode> old = Conditions.find(service, TYPE);
        if (Meta.annotation(service, TYPE).equals(HIDDEN)) {
            return old.map(_ -> without(service));
        }
        ObjectNode wanted = fault.map(it -> Conditions.of(TYPE, "False", it.reason(), it.message(), now))
                .orElseGet(() -> Conditions.of(TYPE, "True", "NoFault", "nothing is wrong that the API shows", now));
        boolean isWritten = old.isEmpty() ? fault.isPresent() : !isSame(old.get(), wanted);
        return isWritten ? Optional.of(with(service, wanted)) : Optional.empty();
    }

    private static boolean isSame(JsonNode one, JsonNode other) {
        return Tree.text(one, "status").equals(Tree.text(other, "status"))
                && Tree.text(one, "reason").equals(Tree.text(other, "reason"))
                && Tree.text(one, "message").equals(Tree.text(other, "message"));
    }

    private static Write with(ObjectNode service, ObjectNode condition) {
        ObjectNode changed = service.deepCopy();
        Conditions.set(changed, condition);
        return new Write.UpdateStatus(Resource.SERVICES, changed);
    }

    private static Write without(ObjectNode service) {
        ObjectNode changed = service.deepCopy();
        Conditions.remove(changed, TYPE);
        return new Write.UpdateStatus(Resource.SERVICES, changed);
    }
}
