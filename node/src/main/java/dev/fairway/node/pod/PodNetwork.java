package dev.fairway.node.pod;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Route;
import dev.fairway.kernel.Rtnetlink;
import dev.fairway.kernel.Sysctl;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The network of the node's pods: one namespace and one pair of links each.
///
/// ```
/// pod namespace: eth0 10.244.1.7/32 --- veth --- bridge "pods" 10.244.1.1/24 : node namespace
/// ```
///
/// A pod reaches everything, its neighbours too, through the node: its address is a /32 (or /128) with the bridge as
/// its gateway. Otherwise the answer of a neighbour that was chosen behind a Service address would go straight over the
/// bridge, past the translation that must be undone, and the client would not know it.
final class PodNetwork implements AutoCloseable {

    /// Without being root a pod may open port 80 and send pings, as container runtimes have it: the ports are its own.
    private static final Map<String, String> UNPRIVILEGED =
            Map.of("net.ipv4.ip_unprivileged_port_start", "0", "net.ipv4.ping_group_range", "0 2147483647");

    private final String cluster;
    private final NetworkNamespace node;
    private final String bridge;
    private final List<IpAddress> gateways;
    private final Rtnetlink links;

    private PodNetwork(
            String cluster, NetworkNamespace node, String bridge, List<IpAddress> gateways, Rtnetlink links) {
        this.cluster = cluster;
        this.node = node;
        this.bridge = bridge;
        this.gateways = gateways;
        this.links = links;
    }

    /// @param blocks the node's pod blocks; the first address of each is the bridge's
    static PodNetwork open(String cluster, NetworkNamespace node, String bridge, List<Cidr> blocks) {
        List<IpAddress> gateways = blocks.stream().map(block -> block.at(1)).toList();
        // a redirect would tell a pod to go past the gateway, which the /32 forbids
        Sysctl.write(node, "net.ipv4.conf.all.send_redirects", "0");
        Sysctl.write(node, "net.ipv4.conf." + bridge + ".send_redirects", "0");
        routeInsteadOfBridge(node);
        return new PodNetwork(cluster, node, bridge, gateways, Rtnetlink.open(node));
    }

    /// With br_netfilter loaded the bridge itself would translate addresses and then refuse to send a packet back
    /// to the pod it came from: a pod could not reach itself behind its Service. In the machine's own namespace the
    /// setting may be another program's and stays.
    private static void routeInsteadOfBridge(NetworkNamespace node) {
        if (node.equals(NetworkNamespace.host())) {
            return;
        }
        for (String name : List.of("net.bridge.bridge-nf-call-iptables", "net.bridge.bridge-nf-call-ip6tables")) {
            if (Sysctl.read(node, name).isPresent()) {
                Sysctl.write(node, name, "0");
            }
        }
    }

    String namespaceName(String uid) {
        return PodNamespace.name(cluster, uid);
    }

    NetworkNamespace node() {
        return node;
    }

    /// Whether the pod's namespace is there, from this or an earlier run of the agent.
    boolean exists(String uid) {
        return NetworkNamespace.find(namespaceName(uid)).isPresent();
    }

    /// The pod's namespace.
    ///
    /// @throws IllegalStateException when it is not there
    NetworkNamespace namespace(String uid) {
        return NetworkNamespace.find(namespaceName(uid))
                .orElseThrow(() -> new IllegalStateException(
                        "the network namespace \"" + namespaceName(uid) + "\" of the pod is gone"));
    }

    /// Makes what is missing of the pod's network; what is there stays.
    ///
    /// @param settings of the kernel in the pod's namespace, by their names under `/proc/sys`
    NetworkNamespace setUp(String uid, List<IpAddress> addresses, Map<String, String> settings) {
        String name = namespaceName(uid);
        NetworkNamespace pod = NetworkNamespace.find(name).orElseGet(() -> NetworkNamespace.create(name));
        String nodeEnd = PodNamespace.nodeLink(uid);
        if (links.link(nodeEnd).isEmpty()) {
            setUpIpv6(pod);
            UNPRIVILEGED.forEach((setting, value) -> Sysctl.write(pod, setting, value));
            settings.forEach((setting, value) -> Sysctl.write(pod, setting, value));
            links.addVeth(nodeEnd, PodNamespace.POD_LINK, pod);
        }
        links.setMaster(nodeEnd, bridge);
        links.setUp(nodeEnd);
        try (Rtnetlink inside = Rtnetlink.open(pod)) {
            address(inside, addresses);
        }
        return pod;
    }

    /// No router advertisements and no duplicate address detection: the node alone gives addresses.
    private static void setUpIpv6(NetworkNamespace pod) {
        if (Sysctl.read(pod, "net.ipv6.conf.default.accept_dad").isPresent()) {
            Sysctl.write(pod, "net.ipv6.conf.default.accept_dad", "0");
            Sysctl.write(pod, "net.ipv6.conf.default.accept_ra", "0");
            Sysctl.write(pod, "net.ipv6.conf.default.accept_redirects", "0");
        }
        Sysctl.write(pod, "net.ipv4.conf.default.accept_redirects", "0");
    }

    private void address(Rtnetlink inside, List<IpAddress> addresses) {
        inside.setUp("lo");
        inside.setUp(PodNamespace.POD_LINK);
        Set<IpAddress> has = inside.addresses().stream()
                .filter(known -> known.link().equals(PodNamespace.POD_LINK))
                .map(known -> known.address())
                .collect(Collectors.toSet());
        for (IpAddress address : addresses) {
            if (!has.contains(address)) {
                inside.addAddress(
                        PodNamespace.POD_LINK, address, address.family().bits());
            }
            IpAddress gateway = gateway(address.family());
            inside.replaceRoute(Route.direct(gateway.toCidr(), PodNamespace.POD_LINK));
            inside.replaceRoute(Route.byDefault(gateway, PodNamespace.POD_LINK));
        }
    }

    private IpAddress gateway(IpFamily family) {
        return gateways.stream()
                .filter(gateway -> gateway.family() == family)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the node has no pod block of family " + family));
    }

    /// Takes down what is there of the pod's network.
    void remove(String uid) {
        String nodeEnd = PodNamespace.nodeLink(uid);
        if (links.link(nodeEnd).isPresent()) {
            links.deleteLink(nodeEnd);
        }
        NetworkNamespace.find(namespaceName(uid)).ifPresent(NetworkNamespace::delete);
    }

    @Override
    public void close() {
        links.close();
    }
}
