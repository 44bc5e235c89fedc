package dev.fairway.dataplane;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.table.Backend;
import dev.fairway.table.Balancing;
import dev.fairway.table.Frontend;
import dev.fairway.table.LocalBackends;
import dev.fairway.table.NameEntry;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.SessionAffinity;
import dev.fairway.table.TrafficPolicy;
import dev.fairway.table.TrafficPolicy.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Short ways to write tables in tests.
final class Tables {

    static final NodeAddresses NODE = new NodeAddresses(
            addresses("198.51.100.1", "172.31.0.1", "2001:db8:100::1", "fd00:172::1"),
            cidrs("10.244.1.0/24", "fd00:244:1::/64"),
            cidrs("10.244.0.0/16", "fd00:244::/32"),
            cidrs("10.96.0.0/16", "fd00:10:96::/112"),
            cidrs(
                    "10.244.0.0/16",
                    "10.96.0.0/16",
                    "172.31.0.0/24",
                    "fd00:244::/32",
                    "fd00:10:96::/112",
                    "fd00:172::/64"));

    private Tables() {}

    static ServiceTable table(long revision, ServiceEntry... entries) {
        return ServiceTable.of(revision, List.of(entries), List.of("default"));
    }

    static ServiceEntry service(String name, Balancing balancing, int affinitySeconds, PortEntry... ports) {
        return service(name, balancing, TrafficPolicy.OPEN, affinitySeconds, ports);
    }

    static ServiceEntry service(String name, TrafficPolicy traffic, PortEntry... ports) {
        return service(name, Balancing.RANDOM, traffic, 0, ports);
    }

    static ServiceEntry service(
            String name, Balancing balancing, TrafficPolicy traffic, int affinitySeconds, PortEntry... ports) {
        return service(name, balancing, traffic, SessionAffinity.ofPort(affinitySeconds), ports);
    }

    /// A Service whose clients keep their pod over all its ports.
    static ServiceEntry together(String name, TrafficPolicy traffic, int affinitySeconds, PortEntry... ports) {
        return service(name, Balancing.RANDOM, traffic, new SessionAffinity(affinitySeconds, true), ports);
    }

    static ServiceEntry service(
            String name, Balancing balancing, TrafficPolicy traffic, SessionAffinity affinity, PortEntry... ports) {
        NameEntry answer = new NameEntry.Addresses(List.of());
        ServiceName service = new ServiceName("default", name);
        return new ServiceEntry(service, answer, List.of(ports), balancing, traffic, affinity, true);
    }

    static final TrafficPolicy EXTERNAL_LOCAL = new TrafficPolicy(Scope.CLUSTER, Scope.LOCAL, List.of(), 0);
    static final TrafficPolicy INTERNAL_LOCAL = new TrafficPolicy(Scope.LOCAL, Scope.CLUSTER, List.of(), 0);

    static TrafficPolicy only(String... sourceRanges) {
        return new TrafficPolicy(Scope.CLUSTER, Scope.CLUSTER, cidrs(sourceRanges), 0);
    }

    /// The port with these endpoints for the policy `Local`, which only finish what they have.
    static PortEntry draining(PortEntry port, Backend... local) {
        return new PortEntry(
                port.name(),
                port.protocol(),
                port.port(),
                port.frontends(),
                port.backends(),
                new LocalBackends(List.of(local), List.of()),
                port.backends());
    }

    /// @param frontends words such as `cluster:10.96.0.1:80`, `node4:30080`, `lb:203.0.113.1:80`
    static PortEntry port(Protocol protocol, String frontends, Backend... backends) {
        List<Frontend> parsed =
                Arrays.stream(frontends.split(" +")).map(Tables::frontend).toList();
        return new PortEntry("", protocol, parsed.getFirst().port(), parsed, List.of(backends));
    }

    /// The port when these serve, chosen or not.
    static PortEntry serving(PortEntry port, List<Backend> serving) {
        return new PortEntry(
                port.name(), port.protocol(), port.port(), port.frontends(), port.backends(), port.local(), serving);
    }

    private static Frontend frontend(String text) {
        int port = Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
        String kind = text.substring(0, text.indexOf(':'));
        if (kind.startsWith("node")) {
            return new Frontend.NodePort(kind.equals("node4") ? IpFamily.IPV4 : IpFamily.IPV6, port);
        }
        IpAddress address = IpAddress.parse(text.substring(text.indexOf(':') + 1, text.lastIndexOf(':')));
        return switch (kind) {
            case "cluster" -> new Frontend.ClusterIp(address, port);
            case "lb" -> new Frontend.LoadBalancer(address, port);
            case "external" -> new Frontend.ExternalIp(address, port);
            case "mapped" -> new Frontend.Mapped(address, port);
            default -> throw new IllegalArgumentException(text);
        };
    }

    static Backend local(String address) {
        return new Backend(IpAddress.parse(address), TestNetwork.TARGET_PORT, true);
    }

    static Backend remote(String address) {
        return new Backend(IpAddress.parse(address), TestNetwork.TARGET_PORT, false);
    }

    private static List<IpAddress> addresses(String... texts) {
        return Arrays.stream(texts).map(IpAddress::parse).toList();
    }

    private static List<Cidr> cidrs(String... texts) {
        return new ArrayList<>(Arrays.stream(texts).map(Cidr::parse).toList());
    }
}
