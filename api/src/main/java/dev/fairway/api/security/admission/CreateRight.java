package dev.fairway.api.security.admission;

import dev.fairway.api.registry.Admission;
import dev.fairway.api.security.Access;
import dev.fairway.api.security.Authorizer;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;

/// Whoever makes a new object needs the right to create, also by a PUT or an apply patch, for which the right to update
/// or patch was asked when the request came in.
public record CreateRight(Authorizer authorizer) implements Admission {

    @Override
    public void admit(Write write) {
        if (write.isCreate()) {
            Resource resource = write.kind().resource();
            authorizer.require(
                    write.user(),
                    new Access.ToResource(
                            "create",
                            resource.group(),
                            resource.plural(),
                            "",
                            Meta.namespace(write.object()),
                            Meta.name(write.object())));
        }
    }
}
