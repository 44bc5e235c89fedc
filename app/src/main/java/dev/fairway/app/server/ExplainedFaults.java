package dev.fairway.app.server;

import dev.fairway.control.explain.ServiceFaults;
import dev.fairway.picture.ClusterObjects;
import dev.fairway.picture.explain.Code.Severity;
import dev.fairway.picture.explain.Explainer;
import dev.fairway.picture.explain.Finding;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What `fairway explain` would say first of a Service, if it is an error.
final class ExplainedFaults implements ServiceFaults {

    @Override
    public Optional<Fault> find(
            ObjectNode service,
            Collection<ObjectNode> pods,
            Collection<ObjectNode> slices,
            Collection<ObjectNode> aliases) {
        List<ObjectNode> services = new ArrayList<>(aliases);
        services.add(service);
        ObjectKey key = Meta.key(service);
        ClusterObjects objects = new ClusterObjects(List.of(), List.copyOf(pods), services, List.copyOf(slices));
        return new Explainer(objects)
                .explain(key).stream()
                        .filter(finding -> finding.code().severity() == Severity.ERROR)
                        .findFirst()
                        .map(finding -> new Fault(finding.code().reason(), message(finding)));
    }

    private static String message(Finding finding) {
        ObjectKey key = finding.service();
        return finding.code().label() + ": " + finding.sentence() + "; more by: fairway explain svc/" + key.name()
                + " -n " + key.namespace();
    }
}
