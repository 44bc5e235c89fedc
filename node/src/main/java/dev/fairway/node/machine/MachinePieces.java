package dev.fairway.node.machine;

import static dev.fairway.node.machine.Machine.INSIDE_LINK;
import static dev.fairway.node.machine.Machine.OUTSIDE_LINK;
import static dev.fairway.node.machine.Machine.POD_BRIDGE;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.kernel.LinkAddress;
import dev.fairway.kernel.Route;
import java.util.ArrayList;
import java.util.List;

/// Turns a plan into the pieces that it needs, each after those on which it stands. Pure.
final class MachinePieces {

    static final String HOST = "";
    static final String OUTSIDE_BRIDGE = "br-ext";
    static final String INSIDE_BRIDGE = "br-int";
    private static final String LOOPBACK = "lo";

    private final MachinePlan plan;
    private final List<Piece> pieces = new ArrayList<>();

    private MachinePieces(MachinePlan plan) {
        this.plan = plan;
    }

    static List<Piece> plan(MachinePlan plan) {
        MachinePieces machine = new MachinePieces(plan);
        machine.addFabric();
        machine.addOutsideHost();
        machine.addEdge();
        plan.nodes().forEach(machine::addNode);
        if (!plan.realHost().isEmpty()) {
            machine.addRealHost();
        }
        return List.copyOf(machine.pieces);
    }

    static String namespace(MachinePlan plan, String role) {
        return plan.cluster() + "-" + role;
    }

    /// The link of this machine itself to the outside segment.
    static String realHostLink(String cluster) {
        return cluster + "0";
    }

    private void addFabric() {
        String fabric = namespace(plan, MachineCable.FABRIC);
        pieces.add(new Piece.Namespace(fabric));
        // a switch has no addresses, and what passes it is no business of its packet filter
        parameter(fabric, "net.ipv6.conf.all.disable_ipv6", "1");
        parameter(fabric, "net.ipv6.conf.default.disable_ipv6", "1");
        parameter(fabric, "net.bridge.bridge-nf-call-iptables", "0");
        parameter(fabric, "net.bridge.bridge-nf-call-ip6tables", "0");
        for (String bridge : List.of(OUTSIDE_BRIDGE, INSIDE_BRIDGE)) {
            pieces.add(new Piece.Bridge(fabric, bridge));
            pieces.add(new Piece.Up(fabric, bridge));
        }
    }

    private void addOutsideHost() {
        String outside = host(MachineCable.OUTSIDE_HOST);
        connect(
                outside,
                OUTSIDE_LINK,
                MachineCable.OUTSIDE_HOST,
                OUTSIDE_BRIDGE,
                plan.outsideHost(),
                plan.outsideNetworks());
        addPoolRoutes(outside, OUTSIDE_LINK, plan.outsideHost());
    }

    private void addEdge() {
        String edge = host(MachineCable.EDGE);
        forward(edge);
        connect(edge, OUTSIDE_LINK, MachineCable.EDGE, OUTSIDE_BRIDGE, plan.edge(), plan.outsideNetworks());
    }

    private void addNode(MachineNode node) {
        String namespace = host(node.name());
        forward(namespace);
        connect(
                namespace,
                OUTSIDE_LINK,
                MachineCable.port(MachineCable.Segment.OUTSIDE, node.name()),
                OUTSIDE_BRIDGE,
                node.outside(),
                plan.outsideNetworks());
        connect(
                namespace,
                INSIDE_LINK,
                MachineCable.port(MachineCable.Segment.INSIDE, node.name()),
                INSIDE_BRIDGE,
                node.inside(),
                plan.insideNetworks());
        pieces.add(new Piece.Bridge(namespace, POD_BRIDGE));
        for (Cidr block : node.podBlocks()) {
            address(namespace, POD_BRIDGE, MachineNode.gateway(block), block.prefix());
        }
        pieces.add(new Piece.Up(namespace, POD_BRIDGE));
        plan.dnsAddresses()
                .forEach(dns -> address(namespace, LOOPBACK, dns, dns.family().bits()));
        addNodeRoutes(node, namespace);
    }

    private void addNodeRoutes(MachineNode node, String namespace) {
        for (MachineNode other : plan.nodes()) {
            for (Cidr block : other.equals(node) ? List.<Cidr>of() : other.podBlocks()) {
                other.inside().stream()
                        .filter(gateway -> gateway.family() == block.family())
                        .forEach(gateway -> route(namespace, Route.via(block, gateway, INSIDE_LINK)));
            }
        }
        for (IpAddress gateway : plan.edge()) {
            boolean reachable = node.outside().stream().anyMatch(own -> own.family() == gateway.family());
            if (reachable) {
                route(namespace, Route.byDefault(gateway, OUTSIDE_LINK));
            }
        }
    }

    private void addRealHost() {
        String link = realHostLink(plan.cluster());
        connect(HOST, link, "host", OUTSIDE_BRIDGE, plan.realHost(), plan.outsideNetworks());
        addPoolRoutes(HOST, link, plan.realHost());
    }

    private void addPoolRoutes(String namespace, String link, List<IpAddress> own) {
        for (Cidr pool : plan.balancerPools()) {
            plan.edge().stream()
                    .filter(gateway -> gateway.family() == pool.family())
                    .filter(gateway -> own.stream().anyMatch(address -> address.family() == pool.family()))
                    .forEach(gateway -> route(namespace, Route.via(pool, gateway, link)));
        }
    }

    /// A namespace with addresses: no waiting for duplicate address detection, no advertised or redirected routes.
    private String host(String role) {
        String namespace = namespace(plan, role);
        pieces.add(new Piece.Namespace(namespace));
        for (String which : List.of("all", "default")) {
            String v4 = "net.ipv4.conf." + which;
            String v6 = "net.ipv6.conf." + which;
            parameter(namespace, v6 + ".disable_ipv6", "0");
            parameter(namespace, v6 + ".accept_dad", "0");
            parameter(namespace, v6 + ".accept_ra", "0");
            parameter(namespace, v6 + ".accept_redirects", "0");
            parameter(namespace, v4 + ".accept_redirects", "0");
            parameter(namespace, v4 + ".send_redirects", "0");
            // loose: translated packets may return another way than a new one to their source would go
            parameter(namespace, v4 + ".rp_filter", "2");
            // never ask for a neighbour in the name of an address on the loopback
            parameter(namespace, v4 + ".arp_announce", "2");
        }
        pieces.add(new Piece.Up(namespace, LOOPBACK));
        return namespace;
    }

    /// A namespace that routes. Its bridge must not translate addresses itself: it could not send a packet back to the
    /// pod it came from. Pods have host routes (PodNetwork), so what they send each other is routed and translated.
    private void forward(String namespace) {
        parameter(namespace, "net.ipv4.ip_forward", "1");
        parameter(namespace, "net.ipv6.conf.all.forwarding", "1");
        parameter(namespace, "net.bridge.bridge-nf-call-iptables", "0");
        parameter(namespace, "net.bridge.bridge-nf-call-ip6tables", "0");
    }

    private void connect(
            String namespace, String link, String port, String bridge, List<IpAddress> addresses, List<Cidr> networks) {
        String fabric = namespace(plan, MachineCable.FABRIC);
        pieces.add(new Piece.Cable(fabric, port, namespace, link));
        pieces.add(new Piece.Port(fabric, port, bridge));
        pieces.add(new Piece.Up(fabric, port));
        for (IpAddress address : addresses) {
            address(namespace, link, address, prefix(address, networks));
        }
        pieces.add(new Piece.Up(namespace, link));
    }

    private static int prefix(IpAddress address, List<Cidr> networks) {
        return networks.stream()
                .filter(network -> network.contains(address))
                .mapToInt(Cidr::prefix)
                .findFirst()
                .orElseThrow();
    }

    private void parameter(String namespace, String name, String value) {
        pieces.add(new Piece.Parameter(namespace, name, value));
    }

    private void address(String namespace, String link, IpAddress address, int prefix) {
        pieces.add(new Piece.Address(namespace, new LinkAddress(link, address, prefix)));
    }

    private void route(String namespace, Route route) {
        pieces.add(new Piece.Path(namespace, route));
    }
}
