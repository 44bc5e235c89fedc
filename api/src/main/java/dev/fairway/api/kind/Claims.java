package dev.fairway.api.kind;

import dev.fairway.schema.Meta;
import dev.fairway.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Keys in the store that make an address or a port belong to one Service. They are written in the Service's own
/// transaction, so they can neither leak nor go missing.
record Claims(WriteScope scope, String owner) {

    static Claims of(WriteScope scope, ObjectNode service) {
        return new Claims(scope, "services/" + Meta.namespace(service) + "/" + Meta.name(service));
    }

    boolean isFree(String key) {
        return scope.read(key).isEmpty();
    }

    boolean isOwn(String key) {
        return holder(key).filter(owner::equals).isPresent();
    }

    void take(String key) {
        scope.require(new Store.Guard.Absent(key));
        scope.change(new Store.Change.Put(key, owner.getBytes(StandardCharsets.UTF_8)));
    }

    /// Gives the key up if it is the owner's.
    void release(String key) {
        if (isOwn(key)) {
            scope.change(new Store.Change.Delete(key));
        }
    }

    private Optional<String> holder(String key) {
        return scope.read(key).map(entry -> new String(entry.value(), StandardCharsets.UTF_8));
    }
}
