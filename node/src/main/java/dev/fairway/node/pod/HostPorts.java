package dev.fairway.node.pod;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Rtnetlink;
import dev.fairway.kernel.Sysctl;
import dev.fairway.kernel.nft.Chain;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.Expr;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.kernel.nft.NftFamily;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Operand;
import dev.fairway.kernel.nft.Operand.Field;
import dev.fairway.kernel.nft.Rule;
import dev.fairway.kernel.nft.Table;
import dev.fairway.kernel.nft.Value;
import dev.fairway.kernel.nft.ValueType;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The host ports of the node's pods: ports of the node's own addresses that lead to a pod, by a table of nftables of
/// their own. The table is there only while a pod has host ports; its elements outlive the agent.
///
/// ```
/// node address . protocol . host port -> pod address . container port
/// ```
final class HostPorts implements AutoCloseable {

    private static final String TABLE = "fairway-host-ports";
    private static final int BEFORE_SERVICES = -101;
    private static final int SOURCE_NAT = 99;
    private static final Map<String, Integer> PROTOCOLS = Map.of("TCP", 6, "UDP", 17, "SCTP", 132);
    private static final Cidr LOOPBACK = Cidr.parse("127.0.0.0/8");

    private final NetworkNamespace node;
    private final NftConnection nft;

    private HostPorts(NetworkNamespace node, NftConnection nft) {
        this.node = node;
        this.nft = nft;
    }

    static HostPorts open(NetworkNamespace node) {
        return new HostPorts(node, NftConnection.open(node));
    }

    /// The table of one family.
    private record Layout(IpFamily ipFamily, NftFamily family, Table table, NftSet ports, NftSet hairpins) {
        static Layout of(IpFamily ipFamily) {
            NftFamily family = ipFamily == IpFamily.IPV4 ? NftFamily.IP : NftFamily.IP6;
            Table table = new Table(family, TABLE);
            ValueType address = ValueType.address(family);
            return new Layout(
                    ipFamily,
                    family,
                    table,
                    NftSet.map(
                            table,
                            "ports",
                            List.of(address, ValueType.INET_PROTO, ValueType.INET_SERVICE),
                            address,
                            ValueType.INET_SERVICE),
                    NftSet.set(table, "hairpins", address, address));
        }

        /// The constant part, made unless it is there.
        List<NftCommand> base() {
            Expr translate = new Expr.Dnat(
                    family, new Operand.MapLookup(List.of(Field.daddr(family), Field.L4PROTO, Field.DPORT), ports));
            List<Operand> pair = List.of(Field.saddr(family), Field.daddr(family));
            List<NftCommand> out = new ArrayList<>(List.of(
                    new NftCommand.AddTable(table), new NftCommand.AddSet(ports), new NftCommand.AddSet(hairpins)));
            addChain(out, "prerouting", Chain.Hook.PREROUTING, BEFORE_SERVICES, Rule.of("host ports", translate));
            addChain(out, "output", Chain.Hook.OUTPUT, BEFORE_SERVICES, Rule.of("host ports", translate));
            List<Rule> leaving = new ArrayList<>();
            leaving.add(Rule.of(
                    "to itself", new Expr.CtDnat(), new Expr.InSet(pair, hairpins, false), new Expr.Masquerade()));
            if (ipFamily == IpFamily.IPV4) {
                leaving.add(Rule.of(
                        "from loopback",
                        new Expr.CtDnat(),
                        new Expr.Within(Field.IP_SADDR, LOOPBACK, false),
                        new Expr.Masquerade()));
            }
            addChain(out, "postrouting", Chain.Hook.POSTROUTING, SOURCE_NAT, leaving.toArray(Rule[]::new));
            return out;
        }

        private void addChain(List<NftCommand> out, String name, Chain.Hook hook, int priority, Rule... rules) {
            out.add(new NftCommand.AddChain(Chain.base(table, name, Chain.Type.NAT, hook, priority)));
            out.add(new NftCommand.FlushChain(table, name));
            for (Rule rule : rules) {
                out.add(new NftCommand.AddRule(table, name, rule));
            }
        }
    }

    /// A host port that a pod asks for.
    private record Wanted(Optional<IpAddress> host, String protocol, int hostPort, int containerPort) {}

    private static List<Wanted> wanted(PodSpec pod) {
        List<Wanted> out = new ArrayList<>();
        for (ContainerSpec container : pod.allContainers()) {
            for (ObjectNode port : Tree.objects(container.object(), "ports")) {
                int number = (int) Tree.number(port, 0, "hostPort");
                if (number > 0) {
                    out.add(new Wanted(
                            IpAddress.tryParse(Tree.text(port, "hostIP")).filter(ip -> !isAny(ip)),
                            ContainerSpec.Port.of(port).protocol(),
                            number,
                            ContainerSpec.Port.of(port).number()));
                }
            }
        }
        return out;
    }

    private static boolean isAny(IpAddress ip) {
        return ip.toInetAddress().isAnyLocalAddress();
    }

    /// Leads the pod's host ports to it; those that lead to it already stay.
    ///
    /// @throws dev.fairway.kernel.KernelException EEXIST when another pod has one of them
    synchronized void open(PodSpec pod, List<IpAddress> addresses) {
        List<Wanted> wanted = wanted(pod);
        if (pod.hostNetwork() || wanted.isEmpty()) {
            return;
        }
        List<IpAddress> own = ownAddresses();
        for (IpAddress address : addresses) {
            Layout layout = Layout.of(address.family());
            List<Element> elements = elements(wanted, own, address);
            if (elements.isEmpty()) {
                continue;
            }
            List<NftCommand> commands = new ArrayList<>(layout.base());
            commands.add(new NftCommand.AddElements(layout.ports(), elements));
            commands.add(new NftCommand.AddElements(
                    layout.hairpins(),
                    List.of(new Element(
                            Element.Key.of(Value.of(address), Value.of(address)), Element.Mapped.nothing()))));
            nft.commit(commands);
            if (address.family() == IpFamily.IPV4) {
                // lets the node itself use 127.0.0.1 with a host port
                Sysctl.write(node, "net.ipv4.conf.all.route_localnet", "1");
            }
        }
    }

    private List<IpAddress> ownAddresses() {
        try (Rtnetlink links = Rtnetlink.open(node)) {
            return links.addresses().stream()
                    .map(known -> known.address())
                    .distinct()
                    .toList();
        }
    }

    private static List<Element> elements(List<Wanted> wanted, List<IpAddress> own, IpAddress pod) {
        List<Element> out = new ArrayList<>();
        for (Wanted port : wanted) {
            for (IpAddress host : port.host().map(List::of).orElse(own)) {
                if (host.family() == pod.family()) {
                    out.add(new Element(
                            Element.Key.of(
                                    Value.of(host),
                                    new Value.Proto(PROTOCOLS.getOrDefault(port.protocol(), 6)),
                                    new Value.Port(port.hostPort())),
                            Element.Mapped.of(Value.of(pod), new Value.Port(port.containerPort()))));
                }
            }
        }
        return out;
    }

    /// Nothing leads to the pod any more.
    synchronized void close(PodSpec pod, List<IpAddress> addresses) {
        if (pod.hostNetwork() || wanted(pod).isEmpty()) {
            return;
        }
        for (IpAddress address : addresses) {
            Layout layout = Layout.of(address.family());
            if (nft.readShape(layout.table()).exists()) {
                remove(layout, address);
            }
        }
    }

    private void remove(Layout layout, IpAddress address) {
        List<Element> all = nft.readElements(layout.ports());
        List<Element.Key> gone = all.stream()
                .filter(element -> leadsTo(element, address))
                .map(Element::key)
                .toList();
        if (gone.size() == all.size()) {
            nft.commit(List.of(new NftCommand.DeleteTable(layout.table())));
        } else if (!gone.isEmpty()) {
            Element.Key hairpin = Element.Key.of(Value.of(address), Value.of(address));
            nft.commit(List.of(
                    new NftCommand.DeleteElements(layout.ports(), gone),
                    new NftCommand.DeleteElements(layout.hairpins(), List.of(hairpin))));
        }
    }

    private static boolean leadsTo(Element element, IpAddress address) {
        return element.data() instanceof Element.Mapped.Values(List<Value> values)
                && values.getFirst().equals(Value.of(address));
    }

    @Override
    public void close() {
        nft.close();
    }
}
