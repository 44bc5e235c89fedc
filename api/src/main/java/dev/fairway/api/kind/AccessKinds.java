package dev.fairway.api.kind;

import dev.fairway.api.kind.Kind.Trait;
import dev.fairway.schema.Resource;
import java.util.List;

/// The kinds that say who may do what.
final class AccessKinds {

    private AccessKinds() {}

    static List<Kind> all() {
        return List.of(
                Kind.of(Resource.ROLES).withTraits(Trait.CREATE_ON_UPDATE).withRules(new RoleRules(true)),
                Kind.of(Resource.CLUSTER_ROLES)
                        .withTraits(Trait.CREATE_ON_UPDATE)
                        .withRules(new RoleRules(false)),
                Kind.of(Resource.ROLE_BINDINGS)
                        .withTraits(Trait.CREATE_ON_UPDATE)
                        .withRules(new RoleBindingRules(true))
                        .withPrinter(AccessPrinters.BINDING),
                Kind.of(Resource.CLUSTER_ROLE_BINDINGS)
                        .withTraits(Trait.CREATE_ON_UPDATE)
                        .withRules(new RoleBindingRules(false))
                        .withPrinter(AccessPrinters.BINDING));
    }
}
