package dev.fairway.control.endpoints;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.control.Indexes;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.object.Pods;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The endpoints that a Service should have now, by address family and resolved ports.
///
/// @param groups endpoints by identity (pod uid and address), by family and ports
/// @param readyChanged when each endpoint's pod last became ready or unready
/// @param weights of the endpoints whose pods ask for more or less than the others, by identity
/// @param complete false when a pod had to be left out because its node is not known yet
record WantedEndpoints(
        Map<Group, Map<String, ObjectNode>> groups,
        Map<String, Instant> readyChanged,
        Map<String, Integer> weights,
        boolean complete) {

    /// Of endpoints that all want the same share.
    WantedEndpoints(Map<Group, Map<String, ObjectNode>> groups, Map<String, Instant> readyChanged, boolean complete) {
        this(groups, readyChanged, Map.of(), complete);
    }

    /// Slices of one group may share endpoints freely.
    record Group(IpFamily family, List<SlicePort> ports) implements Comparable<Group> {

        @Override
        public int compareTo(Group other) {
            int byFamily = family.compareTo(other.family);
            return byFamily != 0 ? byFamily : ports.toString().compareTo(other.ports.toString());
        }
    }

    /// What EndpointSlices tell.
    ///
    /// @param pods those that the Service's selector chooses
    static WantedEndpoints of(JsonNode service, List<IpFamily> families, List<ObjectNode> pods, Snapshot snapshot) {
        return of(service, families, pods, snapshot, Tree.flag(service, "spec", "publishNotReadyAddresses"));
    }

    /// The same for Endpoints, which do not say where a pod is and so need not know its node.
    static WantedEndpoints withoutNodes(JsonNode service, IpFamily family, List<ObjectNode> pods, Snapshot snapshot) {
        return of(service, List.of(family), pods, snapshot, true);
    }

    private static WantedEndpoints of(
            JsonNode service,
            List<IpFamily> families,
            List<ObjectNode> pods,
            Snapshot snapshot,
            boolean onUnknownNodes) {
        WantedEndpoints out = new WantedEndpoints(new TreeMap<>(), new HashMap<>(), new HashMap<>(), true);
        EndpointShape shape = new EndpointShape(service);
        boolean complete = true;
        for (ObjectNode pod : pods) {
            if (Pods.isTerminal(pod) || Pods.addresses(pod).isEmpty()) {
                continue;
            }
            Optional<ObjectNode> node = snapshot.get(Resource.NODES, "", Pods.nodeName(pod));
            if (node.isEmpty() && !onUnknownNodes) {
                complete = false;
                continue;
            }
            out.add(shape, pod, node, families, TargetPorts.resolve(service, pod));
        }
        return new WantedEndpoints(out.groups(), out.readyChanged(), out.weights(), complete);
    }

    static List<ObjectNode> selectedPods(JsonNode service, Snapshot snapshot) {
        return Indexes.podsWith(snapshot, Meta.namespace(service), Tree.textMap(service, "spec", "selector"));
    }

    /// `spec.ipFamilies`; for a Service without them the families of its addresses, IPv4 when it has none.
    static List<IpFamily> familiesOf(JsonNode service) {
        List<IpFamily> named = Tree.texts(service, "spec", "ipFamilies").stream()
                .map(name -> name.equals("IPv6") ? IpFamily.IPV6 : IpFamily.IPV4)
                .toList();
        if (!named.isEmpty()) {
            return named;
        }
        boolean v6 = IpAddress.tryParse(Tree.text(service, "spec", "clusterIP"))
                .filter(IpAddress::isV6)
                .isPresent();
        return List.of(v6 ? IpFamily.IPV6 : IpFamily.IPV4);
    }

    /// Whether the pod behind an identity is ready; empty when it is not wanted.
    Optional<Boolean> serves(String identity) {
        return groups.values().stream()
                .flatMap(group -> Optional.ofNullable(group.get(identity)).stream())
                .map(endpoint -> Tree.flag(endpoint, "conditions", "serving"))
                .findFirst();
    }

    /// The identity of an endpoint that an existing slice holds.
    static String identityOf(JsonNode endpoint) {
        List<String> addresses = Tree.texts(endpoint, "addresses");
        return Tree.text(endpoint, "targetRef", "uid") + "|" + String.join(",", addresses);
    }

    private void add(
            EndpointShape shape,
            ObjectNode pod,
            Optional<ObjectNode> node,
            List<IpFamily> families,
            List<SlicePort> ports) {
        for (IpFamily family : families) {
            addressOf(pod, family).ifPresent(address -> {
                ObjectNode endpoint = shape.of(pod, node, address);
                String identity = identityOf(endpoint);
                groups.computeIfAbsent(new Group(family, ports), _ -> new LinkedHashMap<>())
                        .put(identity, endpoint);
                PodWeights.of(pod).ifPresent(weight -> weights.put(identity, weight));
                Pods.readyChanged(pod).ifPresent(time -> readyChanged.put(identity, time));
            });
        }
    }

    private static Optional<String> addressOf(ObjectNode pod, IpFamily family) {
        return Pods.addresses(pod).stream()
                .filter(text -> IpAddress.tryParse(text)
                        .filter(address -> address.family() == family)
                        .isPresent())
                .findFirst();
    }
}
