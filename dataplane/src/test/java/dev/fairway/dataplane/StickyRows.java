package dev.fairway.dataplane;

import static dev.fairway.dataplane.Tables.local;
import static dev.fairway.dataplane.Tables.port;
import static dev.fairway.dataplane.Tables.remote;

import dev.fairway.table.Backend;
import dev.fairway.table.Balancing;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TrafficPolicy;
import java.util.List;

/// Where a client comes to over one port when it came over another before, as rows: checked by the tracer and on the
/// kernel. Pods a, b and c are behind each port but 443, which `a` does not have.
final class StickyRows {

    private static final Backend[] ALL = {
        local("10.244.1.2"),
        local("10.244.1.3"),
        remote("10.244.2.2"),
        local("fd00:244:1::2"),
        local("fd00:244:1::3"),
        remote("fd00:244:2::2")
    };

    private static final Backend[] NOT_A = {
        local("10.244.1.3"), remote("10.244.2.2"), local("fd00:244:1::3"), remote("fd00:244:2::2")
    };

    static final List<ServiceEntry> SERVICES = List.of(
            Tables.together(
                    "web",
                    TrafficPolicy.OPEN,
                    600,
                    tcp("cluster:10.96.0.1:80 cluster:fd00:10:96::1:80 node4:30080 lb:203.0.113.1:80", ALL),
                    tcp("cluster:10.96.0.1:443 cluster:fd00:10:96::1:443 node4:30443 lb:203.0.113.1:443", NOT_A),
                    port(Protocol.UDP, "cluster:10.96.0.1:80 cluster:fd00:10:96::1:80 node4:30080", ALL)),
            Tables.together(
                    "near",
                    Tables.EXTERNAL_LOCAL,
                    600,
                    tcp("cluster:10.96.0.2:80 node4:30082", ALL),
                    tcp("cluster:10.96.0.2:443 node4:30442", NOT_A)),
            Tables.together(
                    "inside",
                    Tables.INTERNAL_LOCAL,
                    600,
                    tcp("cluster:10.96.0.3:80", ALL),
                    tcp("cluster:10.96.0.3:443", NOT_A)),
            Tables.service(
                    "apart",
                    Balancing.RANDOM,
                    600,
                    tcp("cluster:10.96.0.4:80", ALL),
                    tcp("cluster:10.96.0.4:443", ALL)));

    static final ServiceTable TABLE = ServiceTable.of(1, SERVICES, List.of("default"));

    /// Whose pod is none of those kept comes to any that the second port has.
    private static final String ROWS = """
            from     first                     may be  then                      may be  kept
            outside  tcp 198.51.100.1   30080  a,b,c   tcp 198.51.100.1   30443  b,c     b,c
            outside  tcp 198.51.100.1   30080  a,b,c   udp 198.51.100.1   30080  a,b,c   a,b,c
            c        udp 172.31.0.1     30080  a,b,c   tcp 172.31.0.1     30080  a,b,c   a,b,c
            outside  tcp 203.0.113.1    80     a,b,c   tcp 203.0.113.1    443    b,c     b,c
            a        tcp 10.96.0.1      80     a,b,c   tcp 10.96.0.1      443    b,c     b,c
            b        tcp 10.96.0.1      443    b,c     tcp 10.96.0.1      80     a,b,c   b,c
            node     udp 10.96.0.1      80     a,b,c   tcp 10.96.0.1      80     a,b,c   a,b,c
            a        tcp fd00:10:96::1  80     a,b,c   tcp fd00:10:96::1  443    b,c     b,c
            node     udp fd00:10:96::1  80     a,b,c   tcp fd00:10:96::1  80     a,b,c   a,b,c
            outside  tcp 198.51.100.1   30082  a,b     tcp 198.51.100.1   30442  b       b
            a        tcp 172.31.0.1     30082  a,b,c   tcp 172.31.0.1     30442  b,c     b,c
            a        tcp 10.96.0.2      443    b,c     tcp 10.96.0.2      80     a,b,c   b,c
            b        tcp 10.96.0.3      80     a,b     tcp 10.96.0.3      443    b       b
            b        tcp 10.96.0.4      80     a,b,c   tcp 10.96.0.4      443    a,b,c   -
            """;

    private StickyRows() {}

    /// @param then what may come when the pod of the first is not kept
    record Row(PacketRows.Row first, PacketRows.Row then, List<String> kept) {

        List<String> allowsAfter(String pod) {
            return kept.contains(pod) ? List.of(pod) : then.allows();
        }
    }

    static List<Row> rows() {
        return ROWS.lines().skip(1).map(StickyRows::row).toList();
    }

    private static Row row(String line) {
        String[] words = line.split(" +");
        return new Row(packet(words[0], words, 1), packet(words[0], words, 5), List.of(words[9].split(",")));
    }

    private static PacketRows.Row packet(String from, String[] words, int at) {
        int port = Integer.parseInt(words[at + 2]);
        return new PacketRows.Row(from, words[at], words[at + 1], port, List.of(words[at + 3].split(",")));
    }

    private static PortEntry tcp(String frontends, Backend... backends) {
        return port(Protocol.TCP, frontends, backends);
    }
}
