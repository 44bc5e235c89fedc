package dev.fairway.dataplane;

import dev.fairway.dataplane.PacketRows.Row;
import dev.fairway.table.Backend;
import dev.fairway.table.LocalBackends;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.TrafficPolicy;
import dev.fairway.table.TrafficPolicy.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Every traffic policy with every state of endpoints, from every kind of client. Each line is tried over TCP and UDP,
/// IPv4 and IPv6; the frontend `external` stands for a node port, a load balancer address and an external IP alike.
///
/// | endpoints  | are                                                                          |
/// |------------|------------------------------------------------------------------------------|
/// | here       | pod a, on this node                                                          |
/// | away       | pod c, on another node                                                       |
/// | both       | a and c                                                                      |
/// | draining   | c; a terminates and still serves                                             |
/// | ending     | a and c, both terminate and still serve: without any ready one they count    |
/// | none       | none at all                                                                  |
final class PolicyRows {

    private static final String LINES = """
            internal  external  endpoints  frontend   pod b   node                              outside
            Cluster   Cluster   here       cluster    a       a masqueraded                     a masqueraded
            Cluster   Cluster   away       cluster    c       c masqueraded                     c masqueraded
            Cluster   Cluster   both       cluster    a | c   a masqueraded | c masqueraded     a masqueraded | c masqueraded
            Cluster   Cluster   draining   cluster    c       c masqueraded                     c masqueraded
            Cluster   Cluster   ending     cluster    a | c   a masqueraded | c masqueraded     a masqueraded | c masqueraded
            Cluster   Cluster   none       cluster    refused  refused                          refused
            Local     Cluster   here       cluster    a       a masqueraded                     a masqueraded
            Local     Cluster   away       cluster    silent  silent                            silent
            Local     Cluster   both       cluster    a       a masqueraded                     a masqueraded
            Local     Cluster   draining   cluster    a       a masqueraded                     a masqueraded
            Local     Cluster   ending     cluster    a       a masqueraded                     a masqueraded
            Local     Cluster   none       cluster    refused  refused                          refused
            Cluster   Local     away       cluster    c       c masqueraded                     c masqueraded
            Cluster   Local     both       cluster    a | c   a masqueraded | c masqueraded     a masqueraded | c masqueraded
            Cluster   Local     draining   cluster    c       c masqueraded                     c masqueraded
            Cluster   Local     none       cluster    refused  refused                          refused
            Cluster   Cluster   here       external   a masqueraded  a masqueraded              a masqueraded
            Cluster   Cluster   away       external   c masqueraded  c masqueraded              c masqueraded
            Cluster   Cluster   both       external   a masqueraded | c masqueraded  a masqueraded | c masqueraded  a masqueraded | c masqueraded
            Cluster   Cluster   draining   external   c masqueraded  c masqueraded              c masqueraded
            Cluster   Cluster   ending     external   a masqueraded | c masqueraded  a masqueraded | c masqueraded  a masqueraded | c masqueraded
            Cluster   Cluster   none       external   refused  refused                          refused
            Local     Cluster   away       external   c masqueraded  c masqueraded              c masqueraded
            Local     Cluster   both       external   a masqueraded | c masqueraded  a masqueraded | c masqueraded  a masqueraded | c masqueraded
            Cluster   Local     here       external   a       a masqueraded                     a
            Cluster   Local     away       external   c       c masqueraded                     silent
            Cluster   Local     both       external   a | c   a masqueraded | c masqueraded     a
            Cluster   Local     draining   external   c       c masqueraded                     a
            Cluster   Local     ending     external   a | c   a masqueraded | c masqueraded     a
            Cluster   Local     none       external   refused  refused                          refused
            Local     Local     away       external   c       c masqueraded                     silent
            Local     Local     both       external   a | c   a masqueraded | c masqueraded     a
            """;

    private static final List<String> CLIENTS = List.of("b", "node", "outside");

    private PolicyRows() {}

    /// A Service of its own for each policy and state of endpoints.
    private record Subject(Scope internal, Scope external, String endpoints) {}

    private record Line(Subject subject, boolean cluster, List<List<String>> outcomes) {}

    private static List<Line> lines() {
        return LINES.lines().skip(1).map(PolicyRows::line).toList();
    }

    private static Line line(String text) {
        String[] words = text.split(" {2,}");
        Subject subject = new Subject(scope(words[0]), scope(words[1]), words[2]);
        List<List<String>> outcomes = Arrays.stream(words)
                .skip(4)
                .map(cell -> List.of(cell.split(" \\| ")))
                .toList();
        return new Line(subject, words[3].equals("cluster"), outcomes);
    }

    private static Scope scope(String text) {
        return text.equals("Local") ? Scope.LOCAL : Scope.CLUSTER;
    }

    private static List<Subject> subjects() {
        Set<Subject> all = new LinkedHashSet<>();
        lines().forEach(line -> all.add(line.subject()));
        return List.copyOf(all);
    }

    static List<ServiceEntry> services() {
        List<ServiceEntry> out = new ArrayList<>();
        List<Subject> subjects = subjects();
        for (int i = 0; i < subjects.size(); i++) {
            Subject subject = subjects.get(i);
            TrafficPolicy policy = new TrafficPolicy(subject.internal(), subject.external(), List.of(), 0);
            out.add(Tables.service(
                    "policy-" + i, policy, port(Protocol.TCP, i, subject), port(Protocol.UDP, i, subject)));
        }
        return out;
    }

    private static PortEntry port(Protocol protocol, int number, Subject subject) {
        String frontends = String.join(
                " ",
                "cluster:" + cluster(false, number) + ":80",
                "cluster:" + cluster(true, number) + ":80",
                "node4:" + nodePort(number),
                "node6:" + nodePort(number),
                "lb:" + loadBalancer(false, number) + ":80",
                "lb:" + loadBalancer(true, number) + ":80",
                "external:" + external(false, number) + ":80",
                "external:" + external(true, number) + ":80");
        List<Backend> here = List.of(Tables.local("10.244.1.2"), Tables.local("fd00:244:1::2"));
        List<Backend> away = List.of(Tables.remote("10.244.2.2"), Tables.remote("fd00:244:2::2"));
        List<Backend> both = new ArrayList<>(here);
        both.addAll(away);
        return switch (subject.endpoints()) {
            case "here" -> port(protocol, frontends, here, new LocalBackends(here, here), here);
            case "away" -> port(protocol, frontends, away, new LocalBackends(List.of(), List.of()), away);
            case "both" -> port(protocol, frontends, both, new LocalBackends(here, here), both);
            case "draining" -> port(protocol, frontends, away, new LocalBackends(here, List.of()), both);
            case "ending" -> port(protocol, frontends, both, new LocalBackends(here, List.of()), both);
            default -> port(protocol, frontends, List.of(), new LocalBackends(List.of(), List.of()), List.of());
        };
    }

    private static PortEntry port(
            Protocol protocol, String frontends, List<Backend> chosen, LocalBackends local, List<Backend> serving) {
        PortEntry port = Tables.port(protocol, frontends);
        return new PortEntry("", protocol, port.port(), port.frontends(), chosen, local, serving);
    }

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        List<Subject> subjects = subjects();
        for (Line line : lines()) {
            int number = subjects.indexOf(line.subject());
            for (String protocol : List.of("tcp", "udp")) {
                for (boolean six : List.of(false, true)) {
                    for (String client : CLIENTS) {
                        List<String> allowed = line.outcomes().get(CLIENTS.indexOf(client));
                        rows.addAll(rows(line.cluster(), client, protocol, six, number, allowed));
                    }
                }
            }
        }
        return rows;
    }

    private static List<Row> rows(
            boolean cluster, String client, String protocol, boolean six, int number, List<String> allowed) {
        if (cluster) {
            return List.of(new Row(client, protocol, cluster(six, number), 80, allowed));
        }
        return List.of(
                new Row(client, protocol, six ? "2001:db8:100::1" : "198.51.100.1", nodePort(number), allowed),
                new Row(client, protocol, loadBalancer(six, number), 80, allowed),
                new Row(client, protocol, external(six, number), 80, allowed));
    }

    private static int nodePort(int number) {
        return 31_000 + number;
    }

    private static String cluster(boolean six, int number) {
        return (six ? "fd00:10:96::a" : "10.96.1.1") + two(number);
    }

    private static String loadBalancer(boolean six, int number) {
        return (six ? "2001:db8:203::a" : "203.0.113.1") + two(number);
    }

    private static String external(boolean six, int number) {
        return (six ? "2001:db8:203:1::a" : "192.0.2.1") + two(number);
    }

    private static String two(int number) {
        return "%02d".formatted(number);
    }
}
