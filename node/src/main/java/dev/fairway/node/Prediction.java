package dev.fairway.node;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.dataplane.Drift;
import dev.fairway.dataplane.NftPlan;
import dev.fairway.dataplane.NodeAddresses;
import dev.fairway.dataplane.ObservedPath;
import dev.fairway.dataplane.Packet;
import dev.fairway.dataplane.PacketObserver;
import dev.fairway.dataplane.PacketPath;
import dev.fairway.dataplane.PacketTracer;
import dev.fairway.dataplane.Probe;
import dev.fairway.dataplane.Ruleset;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.ProxySpec.Forwarding;
import dev.fairway.node.ProxySpec.NodePortAddresses;
import dev.fairway.resolve.ClusterView;
import dev.fairway.resolve.MappedRanges;
import dev.fairway.resolve.NodeView;
import dev.fairway.resolve.Resolution;
import dev.fairway.resolve.Resolver;
import dev.fairway.resolve.Slice;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.table.ServiceTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// What a node will do with a packet, by what the API says now: the same decisions and the same rules as the node's
/// own, made here, so that no node is asked.
public final class Prediction {

    /// More than a frontend has endpoints, mostly.
    private static final int DRAWS = 1_000;
    private static final String PROXY_NAME = "service.kubernetes.io/service-proxy-name";
    private static final String NODE_DNS = "fairway-dns";

    private final ServiceTable table;
    private final NodeAddresses addresses;
    private final Ruleset rules;
    private final PacketTracer tracer;
    private final Map<Packet, List<Way>> known = new ConcurrentHashMap<>();

    private Prediction(ServiceTable table, NodeAddresses addresses, Set<IpAddress> own) {
        this.table = table;
        this.addresses = addresses;
        this.rules = NftPlan.of(table, addresses, Ruleset.empty());
        this.tracer = PacketTracer.of(rules, own);
    }

    /// @param client may list Services, EndpointSlices, Namespaces, Nodes and ServiceCIDRs
    /// @param node the Node, as the API has it
    public static Prediction of(ApiClient client, ObjectNode node) {
        List<ObjectNode> nodes = list(client, Resource.NODES);
        ClusterView view =
                new ClusterView(byKey(client, Resource.SERVICES), slices(client), byKey(client, Resource.NAMESPACES));
        Resolution resolution = new Resolver(NodeView.of(node), new MappedRanges(List.of()))
                .resolveAll(view, Map.of(), Resolution.EMPTY);
        List<IpAddress> own = addresses(node);
        ProxyAddresses addresses = new ProxyAddresses(
                spec(node, nodes, own), Optional.of(node), list(client, Resource.SERVICE_CIDRS), own);
        Set<IpAddress> all = new HashSet<>(own);
        all.addAll(answeredHere(view.services().values()));
        return new Prediction(resolution.table(), addresses.toDataplane(), all);
    }

    private static Map<ObjectKey, Slice> slices(ApiClient client) {
        Map<ObjectKey, Slice> slices = new TreeMap<>();
        list(client, Resource.ENDPOINT_SLICES).forEach(slice -> slices.put(Meta.key(slice), Slice.of(slice)));
        return slices;
    }

    /// Every node has the addresses of the cluster's DNS itself.
    private static List<IpAddress> answeredHere(Collection<ObjectNode> services) {
        return services.stream()
                .filter(service ->
                        Tree.text(service, "metadata", "labels", PROXY_NAME).equals(NODE_DNS))
                .flatMap(service -> Tree.texts(service, "spec", "clusterIPs").stream())
                .flatMap(text -> IpAddress.tryParse(text).stream())
                .toList();
    }

    private static ProxySpec spec(ObjectNode node, List<ObjectNode> nodes, List<IpAddress> own) {
        List<Cidr> pods = nodes.stream()
                .flatMap(each -> Tree.texts(each, "spec", "podCIDRs").stream())
                .map(Cidr::parse)
                .toList();
        ClusterNetwork network =
                new ClusterNetwork(pods, List.of(), List.of(), List.of(), List.of(), "cluster.local", List.of());
        return new ProxySpec(
                Meta.name(node),
                NetworkNamespace.host(),
                "",
                Forwarding.on(new NodePortAddresses.Fixed(own)),
                List.of(),
                network,
                List.of(),
                false);
    }

    /// The inside and outside addresses of a Node.
    public static List<IpAddress> addresses(ObjectNode node) {
        return Tree.objects(node, "status", "addresses").stream()
                .flatMap(address -> IpAddress.tryParse(Tree.text(address, "address")).stream())
                .distinct()
                .toList();
    }

    private static List<ObjectNode> list(ApiClient client, Resource resource) {
        return client.list(resource, "", Selection.ALL).items();
    }

    private static Map<ObjectKey, ObjectNode> byKey(ApiClient client, Resource resource) {
        Map<ObjectKey, ObjectNode> out = new TreeMap<>();
        list(client, resource).forEach(object -> out.put(Meta.key(object), object));
        return out;
    }

    /// A way that a packet can take.
    ///
    /// @param share of all connections that take it, from 0 to 1
    public record Way(PacketPath path, double share) {}

    /// The ways that the packet can take, one for each endpoint that may be drawn.
    public List<Way> ways(Packet packet) {
        return known.computeIfAbsent(packet, this::draw);
    }

    private List<Way> draw(Packet packet) {
        Map<String, PacketPath> ways = new LinkedHashMap<>();
        Map<String, Integer> drawn = new HashMap<>();
        for (int draw = 0; draw < DRAWS; draw++) {
            PacketPath path = tracer.trace(packet, draw);
            String end = path.end() + " " + path.destination().withPort(path.port());
            ways.putIfAbsent(end, path);
            drawn.merge(end, 1, Integer::sum);
        }
        return ways.entrySet().stream()
                .map(way -> new Way(way.getValue(), (double) drawn.getOrDefault(way.getKey(), 0) / DRAWS))
                .toList();
    }

    /// Sends a real packet and watches what the node does with it.
    ///
    /// @param here the node's namespace on this machine
    /// @throws dev.fairway.kernel.KernelException when the kernel refuses to be watched
    public ObservedPath observe(NetworkNamespace here, Probe probe, int timeoutMillis) {
        return PacketObserver.on(here, rules).observe(probe, timeoutMillis);
    }

    /// Where what the node did, or has, is not what was predicted, as sentences.
    public List<String> drift(NetworkNamespace here, Packet packet, ObservedPath observed) {
        return Stream.concat(
                        Drift.between(ways(packet).stream().map(Way::path).toList(), observed).stream(),
                        PacketObserver.drift(here, table, addresses, packet).stream())
                .toList();
    }
}
