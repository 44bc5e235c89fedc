package dev.fairway.dns;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.table.Balancing;
import dev.fairway.table.NameEntry;
import dev.fairway.table.NameEntry.HeadlessEndpoint;
import dev.fairway.table.NameEntry.NamedPort;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.SessionAffinity;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The Services that the tests ask for.
final class Zones {

    static final List<IpAddress> SERVERS = List.of(IpAddress.parse("10.96.0.10"), IpAddress.parse("fd00:10:96::a"));
    static final List<Cidr> REVERSE =
            List.of(Cidr.parse("10.96.0.0/12"), Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:10:96::/112"));
    static final ZoneSettings SETTINGS = new ZoneSettings(DnsName.parse("cluster.local"), SERVERS, REVERSE);

    static final ServiceTable TABLE = ServiceTable.of(
            7,
            List.of(
                    addresses("default/web", "10.96.0.5 fd00:10:96::5", "http/TCP/80 https/TCP/443"),
                    addresses("default/plain", "10.96.0.6", "/TCP/80"),
                    addresses("kube-system/kube-dns", "10.96.0.10", "dns/UDP/53 dns-tcp/TCP/53"),
                    addresses("default/unset", "", "http/TCP/80"),
                    headless(
                            "default/db",
                            "db-0=10.244.1.1:sql/5432 db-1=10.244.1.2:sql/5432 =10.244.1.3:sql/5432 =fd00:10:244:1:::"),
                    headless("default/empty", ""),
                    headless("default/six", "=fd00:10:96:::"),
                    alias("default/out", "example.com"),
                    alias("default/inner", "web.default.svc.cluster.local"),
                    alias("default/dangling", "none.default.svc.cluster.local"),
                    alias("default/loop-a", "loop-b.default.svc.cluster.local"),
                    alias("default/loop-b", "loop-a.default.svc.cluster.local")),
            List.of("default", "kube-system", "bare"));

    static final Zone ZONE = Zone.empty(SETTINGS).next(TABLE);

    private Zones() {}

    /// @param ports as `name/PROTOCOL/port`
    static ServiceEntry addresses(String name, String addresses, String ports) {
        List<IpAddress> list = words(addresses).map(IpAddress::parse).toList();
        List<PortEntry> entries = words(ports)
                .map(port -> port.split("/"))
                .map(part -> new PortEntry(
                        part[0], Protocol.valueOf(part[1]), Integer.parseInt(part[2]), List.of(), List.of()))
                .toList();
        return entry(name, new NameEntry.Addresses(list), entries);
    }

    /// @param endpoints as `hostname=address:port-name/port`; for an IPv6 address the last colon counts
    static ServiceEntry headless(String name, String endpoints) {
        List<HeadlessEndpoint> list = words(endpoints).map(Zones::endpoint).toList();
        return entry(name, new NameEntry.Headless(list), List.of());
    }

    private static HeadlessEndpoint endpoint(String text) {
        String[] sides = text.split("=");
        int colon = sides[1].lastIndexOf(':');
        List<NamedPort> ports = Stream.of(sides[1].substring(colon + 1))
                .filter(port -> !port.isEmpty())
                .map(port -> port.split("/"))
                .map(part -> new NamedPort(part[0], Protocol.TCP, Integer.parseInt(part[1])))
                .toList();
        return new HeadlessEndpoint(sides[0], IpAddress.parse(sides[1].substring(0, colon)), ports);
    }

    static ServiceEntry alias(String name, String target) {
        return entry(name, new NameEntry.Alias(target), List.of());
    }

    private static ServiceEntry entry(String name, NameEntry entry, List<PortEntry> ports) {
        String[] parts = name.split("/");
        return new ServiceEntry(
                new ServiceName(parts[0], parts[1]), entry, ports, Balancing.RANDOM, SessionAffinity.NONE, true);
    }

    private static Stream<String> words(String text) {
        return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty());
    }
}
