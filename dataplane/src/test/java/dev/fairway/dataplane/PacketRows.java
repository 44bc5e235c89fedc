package dev.fairway.dataplane;

import static dev.fairway.dataplane.Tables.local;
import static dev.fairway.dataplane.Tables.port;
import static dev.fairway.dataplane.Tables.remote;
import static dev.fairway.dataplane.Tables.service;

import dev.fairway.table.Balancing;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceTable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// What must become of packets, as rows: checked on the planned ruleset by a tracer and on the kernel by real packets.
final class PacketRows {

    private static final List<ServiceEntry> SERVICES = List.of(
            service(
                    "web",
                    Balancing.RANDOM,
                    0,
                    port(
                            Protocol.TCP,
                            "cluster:10.96.0.1:80 cluster:fd00:10:96::1:80 node4:30080 node6:30080"
                                    + " lb:203.0.113.1:80 external:192.0.2.7:80",
                            local("10.244.1.2"),
                            remote("10.244.2.2"),
                            local("fd00:244:1::2"),
                            remote("fd00:244:2::2"))),
            service(
                    "one",
                    Balancing.RANDOM,
                    0,
                    port(Protocol.TCP, "cluster:10.96.0.2:80 node4:30081", local("10.244.1.2")),
                    port(
                            Protocol.UDP,
                            "cluster:10.96.0.2:80 cluster:fd00:10:96::2:80 node4:30081",
                            local("10.244.1.2"),
                            local("fd00:244:1::2"))),
            service(
                    "none",
                    Balancing.RANDOM,
                    0,
                    port(Protocol.TCP, "cluster:10.96.0.3:80 cluster:fd00:10:96::3:80 node4:30082 lb:203.0.113.3:80"),
                    port(Protocol.UDP, "cluster:10.96.0.3:53 node4:30082")),
            service(
                    "turns",
                    Balancing.ROUND_ROBIN,
                    0,
                    port(Protocol.TCP, "cluster:10.96.0.4:80 node4:30084", local("10.244.1.3"), remote("10.244.2.2"))),
            service(
                    "sticky",
                    Balancing.RANDOM,
                    600,
                    port(
                            Protocol.TCP,
                            "cluster:10.96.0.5:80 node4:30085 cluster:fd00:10:96::5:80",
                            local("10.244.1.3"),
                            local("fd00:244:1::3"))),
            service(
                    "near",
                    Tables.EXTERNAL_LOCAL,
                    port(
                            Protocol.TCP,
                            "cluster:10.96.0.6:80 cluster:fd00:10:96::6:80 node4:30086 node6:30086"
                                    + " lb:203.0.113.6:80 lb:2001:db8:203::6:80 external:192.0.2.6:80",
                            local("10.244.1.2"),
                            remote("10.244.2.2"),
                            local("fd00:244:1::2"),
                            remote("fd00:244:2::2")),
                    port(Protocol.UDP, "cluster:10.96.0.6:80 node4:30086", local("10.244.1.2"), remote("10.244.2.2"))),
            service(
                    "far",
                    Tables.EXTERNAL_LOCAL,
                    port(
                            Protocol.TCP,
                            "cluster:10.96.0.7:80 node4:30087 lb:203.0.113.7:80 external:192.0.2.8:80",
                            remote("10.244.2.2"))),
            service(
                    "drained",
                    Tables.EXTERNAL_LOCAL,
                    Tables.draining(
                            port(Protocol.TCP, "cluster:10.96.0.11:80 node4:30091", remote("10.244.2.2")),
                            local("10.244.1.2"))),
            service(
                    "nowhere",
                    Tables.EXTERNAL_LOCAL,
                    port(Protocol.TCP, "cluster:10.96.0.12:80 node4:30092 lb:203.0.113.12:80")),
            service(
                    "inside",
                    Tables.INTERNAL_LOCAL,
                    port(
                            Protocol.TCP,
                            "cluster:10.96.0.8:80 cluster:fd00:10:96::8:80 node4:30088",
                            local("10.244.1.2"),
                            remote("10.244.2.2"),
                            remote("fd00:244:2::2")),
                    port(Protocol.UDP, "cluster:10.96.0.8:80", remote("10.244.2.2"))),
            service(
                    "fenced",
                    Tables.only("198.51.100.0/24", "198.51.100.128/25", "10.244.1.3/32", "2001:db8:100::/64"),
                    port(
                            Protocol.TCP,
                            "cluster:10.96.0.9:80 node4:30089 lb:203.0.113.9:80 lb:2001:db8:203::9:80"
                                    + " external:192.0.2.9:80",
                            local("10.244.1.2"),
                            local("fd00:244:1::2"))),
            service(
                    "fencedout",
                    Tables.only("10.244.1.3/32"),
                    port(
                            Protocol.TCP,
                            "cluster:10.96.0.13:80 lb:203.0.113.13:80 lb:2001:db8:203::13:80",
                            local("10.244.1.2"),
                            local("fd00:244:1::2"))),
            service(
                    "stickynear",
                    Balancing.RANDOM,
                    Tables.EXTERNAL_LOCAL,
                    600,
                    port(Protocol.TCP, "cluster:10.96.0.14:80 node4:30094", local("10.244.1.3"), remote("10.244.2.2"))),
            service("mapped", Balancing.RANDOM, 0, port(Protocol.TCP, "mapped:10.97.0.1:3000", remote("10.244.2.2"))));

    /// With the Services of `PolicyRows`.
    static final ServiceTable TABLE = ServiceTable.of(
            1, Stream.concat(SERVICES.stream(), PolicyRows.services().stream()).toList(), List.of("default"));

    private static final String ROWS = """
            from     proto  address            port   allowed outcomes
            a        tcp    10.96.0.1          80     a masqueraded | c
            b        tcp    10.96.0.1          80     a | c
            b        tcp    fd00:10:96::1      80     a | c
            a        tcp    fd00:10:96::1      80     a masqueraded | c
            node     tcp    10.96.0.1          80     a masqueraded | c masqueraded
            outside  tcp    198.51.100.1       30080  a masqueraded | c masqueraded
            outside  tcp    2001:db8:100::1    30080  a masqueraded | c masqueraded
            node     tcp    198.51.100.1       30080  a masqueraded | c masqueraded
            node     tcp    172.31.0.1         30080  a masqueraded | c
            b        tcp    172.31.0.1         30080  a masqueraded | c masqueraded
            c        tcp    172.31.0.1         30081  a masqueraded
            b        tcp    203.0.113.1        80     a masqueraded | c masqueraded
            node     tcp    203.0.113.1        80     a masqueraded | c masqueraded
            b        tcp    192.0.2.7          80     a masqueraded | c masqueraded
            b        tcp    10.96.0.2          80     a
            a        tcp    10.96.0.2          80     a masqueraded
            b        udp    10.96.0.2          80     a
            a        udp    10.96.0.2          80     a masqueraded
            b        udp    fd00:10:96::2      80     a
            outside  udp    198.51.100.1       30081  a masqueraded
            b        tcp    10.96.0.3          80     refused
            b        tcp    fd00:10:96::3      80     refused
            node     tcp    10.96.0.3          80     refused
            node     tcp    fd00:10:96::3      80     refused
            b        udp    10.96.0.3          53     refused
            node     udp    10.96.0.3          53     refused
            outside  tcp    198.51.100.1       30082  refused
            node     tcp    198.51.100.1       30082  refused
            outside  udp    198.51.100.1       30082  refused
            b        tcp    203.0.113.3        80     refused
            b        tcp    10.96.0.1          81     refused
            node     tcp    10.96.0.1          81     refused
            b        udp    10.96.0.1          80     refused
            a        tcp    10.96.0.4          80     b | c
            outside  tcp    198.51.100.1       30084  b masqueraded | c masqueraded
            a        tcp    10.96.0.5          80     b
            a        tcp    fd00:10:96::5      80     b
            b        tcp    10.96.0.5          80     b masqueraded
            outside  tcp    198.51.100.1       30085  b masqueraded
            outside  tcp    198.51.100.1       30086  a
            outside  tcp    2001:db8:100::1    30086  a
            outside  udp    198.51.100.1       30086  a
            outside  tcp    203.0.113.6        80     a
            outside  tcp    2001:db8:203::6    80     a
            outside  tcp    192.0.2.6          80     a
            outside  tcp    10.96.0.6          80     a masqueraded | c masqueraded
            c        tcp    172.31.0.1         30086  a
            a        tcp    203.0.113.6        80     a masqueraded | c
            b        tcp    203.0.113.6        80     a | c
            b        tcp    2001:db8:203::6    80     a | c
            b        tcp    192.0.2.6          80     a | c
            b        tcp    172.31.0.1         30086  a | c
            b        udp    172.31.0.1         30086  a | c
            b        tcp    10.96.0.6          80     a | c
            node     tcp    203.0.113.6        80     a masqueraded | c masqueraded
            node     tcp    198.51.100.1       30086  a masqueraded | c masqueraded
            outside  tcp    198.51.100.1       30087  silent
            outside  tcp    203.0.113.7        80     silent
            outside  tcp    192.0.2.8          80     silent
            c        tcp    172.31.0.1         30087  silent
            b        tcp    203.0.113.7        80     c
            node     tcp    203.0.113.7        80     c masqueraded
            outside  tcp    198.51.100.1       30091  a
            b        tcp    172.31.0.1         30091  c
            b        tcp    10.96.0.11         80     c
            outside  tcp    198.51.100.1       30092  refused
            outside  tcp    203.0.113.12       80     refused
            b        tcp    203.0.113.12       80     refused
            a        tcp    10.96.0.8          80     a masqueraded
            b        tcp    10.96.0.8          80     a
            node     tcp    10.96.0.8          80     a masqueraded
            b        tcp    fd00:10:96::8      80     silent
            node     tcp    fd00:10:96::8      80     silent
            b        udp    10.96.0.8          80     silent
            node     udp    10.96.0.8          80     silent
            outside  tcp    198.51.100.1       30088  a masqueraded | c masqueraded
            outside  tcp    203.0.113.9        80     a masqueraded
            outside  tcp    2001:db8:203::9    80     a masqueraded
            node     tcp    203.0.113.9        80     a masqueraded
            b        tcp    203.0.113.9        80     a masqueraded
            a        tcp    203.0.113.9        80     silent
            a        tcp    192.0.2.9          80     a masqueraded
            a        tcp    10.96.0.9          80     a masqueraded
            outside  tcp    198.51.100.1       30089  a masqueraded
            b        tcp    203.0.113.13       80     a masqueraded
            outside  tcp    203.0.113.13       80     silent
            node     tcp    203.0.113.13       80     silent
            outside  tcp    2001:db8:203::13   80     a masqueraded
            outside  tcp    198.51.100.1       30094  b
            a        tcp    10.96.0.14         80     b | c
            a        tcp    10.96.0.99         80     silent
            a        udp    10.96.0.99         80     silent
            node     tcp    10.96.0.99         80     silent
            a        tcp    fd00:10:96::99     80     silent
            a        tcp    10.97.0.1          3000   c masqueraded
            node     tcp    10.97.0.1          3000   c masqueraded
            a        tcp    10.244.2.2         8080   c
            node     tcp    10.244.1.2         8080   a
            """;

    private PacketRows() {}

    /// @param allows the outcomes that may come, for example `a masqueraded`
    record Row(String from, String protocol, String address, int port, List<String> allows) {}

    static List<Row> rows() {
        return Stream.concat(ROWS.lines().skip(1).map(PacketRows::row), PolicyRows.rows().stream())
                .toList();
    }

    static Row row(String line) {
        String[] words = line.split(" +", 5);
        List<String> allows =
                Arrays.stream(words[4].split("\\|")).map(String::strip).toList();
        return new Row(words[0], words[1], words[2], Integer.parseInt(words[3]), allows);
    }
}
