package dev.fairway.api.kind;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.ClusterIpObject;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import dev.fairway.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Keys in the store that make an address or a port belong to one Service. They are written in the Service's own
/// transaction, so they can neither leak nor go missing.
///
/// The key of an address is its IPAddress object, so that uniqueness is the creation of that object (KEP-1880). A node
/// port's key is its number: whatever its protocols, a number belongs to one Service.
record Claims(WriteScope scope, String namespace, String name) {

    static final String ADDRESSES = "/networking.k8s.io/ipaddresses//";
    static final String NODE_PORTS = "/alloc/nodeport/";

    static Claims of(WriteScope scope, ObjectNode service) {
        return new Claims(scope, Meta.namespace(service), Meta.name(service));
    }

    static String key(IpAddress address) {
        return ADDRESSES + address;
    }

    static String key(long nodePort) {
        return NODE_PORTS + nodePort;
    }

    /// What the key of a node port holds.
    String owner() {
        return "services/" + namespace + "/" + name;
    }

    boolean isFree(String key) {
        return scope.read(key).isEmpty();
    }

    void take(IpAddress address) {
        take(key(address), Json.toBytes(object(address)));
    }

    void take(long nodePort) {
        take(key(nodePort), owner().getBytes(StandardCharsets.UTF_8));
    }

    private void take(String key, byte[] value) {
        scope.require(new Store.Guard.Absent(key));
        scope.change(new Store.Change.Put(key, value));
    }

    /// Gives the key up if it is the Service's.
    void release(String key) {
        Optional<Store.Entry> entry = scope.read(key).filter(this::isOwn);
        entry.ifPresent(found -> {
            scope.require(new Store.Guard.At(key, found.revision()));
            scope.change(new Store.Change.Delete(key));
        });
    }

    private boolean isOwn(Store.Entry entry) {
        if (!entry.key().startsWith(ADDRESSES)) {
            return new String(entry.value(), StandardCharsets.UTF_8).equals(owner());
        }
        return ClusterIpObject.service(Json.parse(entry.value()))
                .filter(new ObjectKey(namespace, name)::equals)
                .isPresent();
    }

    private ObjectNode object(IpAddress address) {
        String family = address.family().apiName();
        ObjectNode out = ClusterIpObject.of(address.toString(), family, new ObjectKey(namespace, name));
        Tree.makeObject(out, "metadata")
                .put("uid", UUID.randomUUID().toString())
                .put("creationTimestamp", scope.now().toString());
        return out;
    }
}
