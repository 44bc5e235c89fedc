package dev.fairway.api.kind;

import dev.fairway.api.kind.Kind.SelectableField;
import dev.fairway.api.kind.Kind.Trait;
import dev.fairway.schema.Resource;
import java.util.List;

/// The kinds that own pods.
final class WorkloadKinds {

    private WorkloadKinds() {}

    static List<Kind> all() {
        return List.of(
                Kind.of(Resource.REPLICATION_CONTROLLERS)
                        .withRules(new OwnerRules(Workload.REPLICATION_CONTROLLER))
                        .withPrinter(WorkloadPrinters.REPLICATION_CONTROLLER)
                        .withShortNames("rc")
                        .inAll()
                        .withSubresources(Subresource.STATUS, Subresource.SCALE)
                        .withTraits(Trait.GENERATION)
                        .withDeletion(Deletion.ORPHANING)
                        .withFields(SelectableField.of("status.replicas", "0")),
                Kind.of(Resource.REPLICA_SETS)
                        .withRules(new OwnerRules(Workload.REPLICA_SET))
                        .withPrinter(WorkloadPrinters.REPLICA_SET)
                        .withShortNames("rs")
                        .inAll()
                        .withSubresources(Subresource.STATUS, Subresource.SCALE)
                        .withTraits(Trait.GENERATION)
                        .withFields(SelectableField.of("status.replicas", "0")),
                Kind.of(Resource.DEPLOYMENTS)
                        .withRules(new OwnerRules(Workload.DEPLOYMENT))
                        .withPrinter(WorkloadPrinters.DEPLOYMENT)
                        .withShortNames("deploy")
                        .inAll()
                        .withSubresources(Subresource.STATUS, Subresource.SCALE)
                        .withTraits(Trait.GENERATION),
                Kind.of(Resource.DAEMON_SETS)
                        .withRules(new OwnerRules(Workload.DAEMON_SET))
                        .withPrinter(WorkloadPrinters.DAEMON_SET)
                        .withShortNames("ds")
                        .inAll()
                        .withSubresources(Subresource.STATUS)
                        .withTraits(Trait.GENERATION));
    }
}
