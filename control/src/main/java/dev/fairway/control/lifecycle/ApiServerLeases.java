package dev.fairway.control.lifecycle;

import dev.fairway.address.IpAddress;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Times;
import dev.fairway.schema.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// By Leases in `kube-system` each API server says that it lives and where pods reach it. As upstream's endpoint
/// reconciler does with leases of its own, the endpoints of `default/kubernetes` follow from those that are fresh.
public final class ApiServerLeases {

    public static final String NAMESPACE = "kube-system";

    /// Upstream's label for the same kind of lease (KEP-1965).
    private static final Map<String, String> LABELS = Map.of("apiserver.kubernetes.io/identity", "fairway");

    private static final String ADDRESS = "fairway.dev/api-address";
    private static final String PORT = "fairway.dev/api-port";
    private static final int LIFE_SECONDS = 15;

    /// A server that was silent for so long does not come back under this name.
    private static final Duration FORGET_AFTER = Duration.ofHours(1);

    private ApiServerLeases() {}

    /// @param address as text
    record Place(String address, int port) {}

    /// @param address where pods reach the server
    public static ObjectNode lease(String name, IpAddress address, int port, Instant now) {
        ObjectNode lease = Json.object();
        ObjectNode meta =
                lease.putObject("metadata").put("namespace", NAMESPACE).put("name", name);
        LABELS.forEach(meta.putObject("labels")::put);
        meta.putObject("annotations").put(ADDRESS, address.toString()).put(PORT, Integer.toString(port));
        lease.putObject("spec").put("holderIdentity", name).put("leaseDurationSeconds", LIFE_SECONDS);
        Tree.makeObject(lease, "spec").put("renewTime", Times.toMicroText(now));
        return lease;
    }

    static boolean isOne(ObjectNode lease) {
        return Meta.namespace(lease).equals(NAMESPACE)
                && Tree.textMap(lease, "metadata", "labels").entrySet().containsAll(LABELS.entrySet());
    }

    static List<ObjectNode> all(Snapshot snapshot) {
        return snapshot.list(Resource.LEASES, NAMESPACE).stream()
                .filter(ApiServerLeases::isOne)
                .toList();
    }

    static boolean isForgotten(ObjectNode lease, Instant now) {
        return now.isAfter(end(lease).plus(FORGET_AFTER));
    }

    /// When the server counts as gone.
    static Instant end(ObjectNode lease) {
        return Times.find(lease, "spec", "renewTime")
                .orElse(Times.created(lease))
                .plusSeconds(Tree.number(lease, LIFE_SECONDS, "spec", "leaseDurationSeconds"));
    }

    static Optional<Place> place(ObjectNode lease) {
        Map<String, String> annotations = Tree.textMap(lease, "metadata", "annotations");
        String address = annotations.getOrDefault(ADDRESS, "");
        String port = annotations.getOrDefault(PORT, "");
        return address.isEmpty() || !port.matches("[0-9]{1,5}")
                ? Optional.empty()
                : Optional.of(new Place(address, Integer.parseInt(port)));
    }
}
