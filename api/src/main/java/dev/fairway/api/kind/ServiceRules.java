package dev.fairway.api.kind;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Programmed;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.store.Store;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// The rules of Services, in upstream's order: defaults, keep, families, allocation, wipe, validation. What was
/// allocated for a Service that validation then refuses was never written.
public final class ServiceRules implements KindRules {

    private final ServiceFamilies families;
    private final ServiceAllocation allocation;

    public ServiceRules(ServiceRanges ranges) {
        this.families = new ServiceFamilies(ranges.families());
        this.allocation = new ServiceAllocation(ranges);
    }

    @Override
    public List<String> nameErrors(String name) {
        return Names.label(name);
    }

    @Override
    public void applyDefaults(ObjectNode service) {
        ServiceDefaults.apply(service);
    }

    @Override
    public void beforeCreate(WriteScope scope, ObjectNode service) {
        service.putObject("status").putObject("loadBalancer");
        ServiceWipes.normaliseCreate(service);
        decideFamilies(Optional.empty(), service);
        allocation.create(scope, service);
    }

    @Override
    public void beforeUpdate(WriteScope scope, ObjectNode old, ObjectNode now) {
        ServiceWipes.keep(old, now);
        boolean settled = ServiceFamilies.isSettled(old, now);
        decideFamilies(Optional.of(old), now);
        allocation.update(scope, old, now, settled);
        ServiceWipes.drop(old, now);
        allocation.release(scope, old, ServiceFields.claimedKeys(now));
        Programmed.withdraw(old, now);
    }

    /// The Endpoints of the same name go with the Service.
    @Override
    public void afterDelete(WriteScope scope, ObjectNode service) {
        allocation.release(scope, service, Set.of());
        scope.change(new Store.Change.Delete("/core/endpoints/" + Meta.namespace(service) + "/" + Meta.name(service)));
    }

    @Override
    public List<Cause> validateCreate(ObjectNode service) {
        return ServiceValidation.validate(Optional.empty(), service);
    }

    @Override
    public List<Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        return ServiceValidation.validate(Optional.of(old), now);
    }

    @Override
    public void beforeStatusUpdate(WriteScope scope, ObjectNode old, ObjectNode now) {
        Tree.makeObject(now, "status", "loadBalancer");
        ServiceDefaults.apply(now);
        Programmed.withdraw(old, now);
    }

    @Override
    public List<Cause> validateStatusUpdate(ObjectNode old, ObjectNode now) {
        return ServiceStatusValidation.validate(old, now);
    }

    @Override
    public List<String> mergeWarnings(ObjectNode old, ObjectNode now) {
        return ServiceWarnings.lostTwins(old, now);
    }

    @Override
    public List<String> warnings(Optional<ObjectNode> old, ObjectNode now) {
        return ServiceWarnings.of(old, now);
    }

    private void decideFamilies(Optional<ObjectNode> old, ObjectNode now) {
        Causes causes = families.decide(old, now);
        if (!causes.isEmpty()) {
            throw refusal(now, causes);
        }
    }

    private static ApiException refusal(ObjectNode service, Causes causes) {
        return Causes.refusal(Resource.SERVICES, Meta.name(service), causes.list());
    }
}
