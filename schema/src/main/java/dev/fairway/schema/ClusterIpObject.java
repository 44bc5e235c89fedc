package dev.fairway.schema;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// IPAddress objects as those who give out cluster IPs write and read them (KEP-1880): named by the address, with the
/// Service as their parent.
public final class ClusterIpObject {

    public static final String FAMILY_LABEL = "ipaddress.kubernetes.io/ip-family";
    public static final String MANAGER_LABEL = "ipaddress.kubernetes.io/managed-by";
    public static final String MANAGER = "ipallocator.k8s.io";

    private ClusterIpObject() {}

    /// @param address in its usual form
    /// @param family `IPv4` or `IPv6`
    public static ObjectNode of(String address, String family, ObjectKey service) {
        Resource kind = Resource.IP_ADDRESSES;
        ObjectNode out = Json.object().put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
        Tree.makeObject(out, "metadata").put("name", address);
        Tree.makeObject(out, "metadata", "labels").put(FAMILY_LABEL, family).put(MANAGER_LABEL, MANAGER);
        Tree.makeObject(out, "spec", "parentRef")
                .put("resource", Resource.SERVICES.plural())
                .put("namespace", service.namespace())
                .put("name", service.name());
        return out;
    }

    /// The Service that the address belongs to; empty when it belongs to something else.
    public static Optional<ObjectKey> service(JsonNode address) {
        JsonNode parent = Tree.at(address, "spec", "parentRef");
        boolean service = Tree.text(parent, "group").isEmpty()
                && Tree.text(parent, "resource").equals(Resource.SERVICES.plural());
        return service
                ? Optional.of(new ObjectKey(Tree.text(parent, "namespace"), Tree.text(parent, "name")))
                : Optional.empty();
    }

    /// Whether those who give out cluster IPs look after it.
    public static boolean isManaged(JsonNode address) {
        return Meta.labels(address).getOrDefault(MANAGER_LABEL, "").equals(MANAGER);
    }
}
