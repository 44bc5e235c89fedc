package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import dev.fairway.dataplane.PacketRows.Row;
import dev.fairway.table.Backend;
import dev.fairway.table.Frontend;
import dev.fairway.table.LocalBackends;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TrafficPolicy;
import dev.fairway.table.TrafficPolicy.Scope;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What becomes of packets among three nodes that all have their rules. Endpoints are the pods `a` on the first node,
/// `c` on the second and `d` on the third; one with `!` terminates and still serves. An outcome names the pod, and
/// after
/// `<` the node whose address that saw instead of the sender's. Each line is tried over TCP and UDP, IPv4 and IPv6.
///
/// | to        | is                                                                                     |
/// |-----------|----------------------------------------------------------------------------------------|
/// | cluster   | the cluster IP; hosts outside reach it over the node that is theirs                    |
/// | lb        | the load balancer address, likewise                                                    |
/// | external  | an external IP, likewise                                                               |
/// | outer-2   | the node port at the second node's address outside: pods leave their node masqueraded |
/// | inner-3   | the node port at the third node's address inside; nobody outside comes there           |
final class ThreeNodeRows {

    private static final String LINES = """
            internal  external  endpoints  to        a                     c                       node-2                outside                  outside-3
            Cluster   Cluster   d          cluster   d                     d                       d                     d<node                   d<node-3
            Cluster   Cluster   a c        cluster   a<node | c            a | c<node-2            a | c                 a<node | c<node          a<node-3 | c<node-3
            Cluster   Cluster   c! d       cluster   d                     d                       d                     d<node                   d<node-3
            Cluster   Cluster   c! d!      cluster   c | d                 c<node-2 | d            c | d                 c<node | d<node          c<node-3 | d<node-3
            Cluster   Cluster   none       cluster   refused               refused                 refused               refused                  refused
            Local     Cluster   d          cluster   silent                silent                  silent                silent                   d<node-3
            Local     Cluster   a c        cluster   a<node                c<node-2                c                     a<node                   silent
            Local     Cluster   c! d       cluster   silent                c<node-2                c                     silent                   d<node-3
            Cluster   Local     a c d      cluster   a<node | c | d        a | c<node-2 | d        a | c | d             a<node | c<node | d<node  a<node-3 | c<node-3 | d<node-3
            Cluster   Cluster   d          lb        d<node                d<node-2                d                     d<node                   d<node-3
            Cluster   Cluster   a c        lb        a<node | c<node       a<node-2 | c<node-2     a | c                 a<node | c<node          a<node-3 | c<node-3
            Cluster   Cluster   none       lb        refused               refused                 refused               refused                  refused
            Cluster   Local     d          lb        d                     d                       d                     silent                   d
            Cluster   Local     a c        lb        a<node | c            a | c<node-2            a | c                 a                        silent
            Cluster   Local     a c d      lb        a<node | c | d        a | c<node-2 | d        a | c | d             a                        d
            Cluster   Local     c! d       lb        d                     d                       d                     silent                   d
            Cluster   Local     c! d!      lb        c | d                 c<node-2 | d            c | d                 silent                   d
            Cluster   Local     none       lb        refused               refused                 refused               refused                  refused
            Local     Local     d          lb        d                     d                       d                     silent                   d
            Cluster   Cluster   a c        external  a<node | c<node       a<node-2 | c<node-2     a | c                 a<node | c<node          a<node-3 | c<node-3
            Cluster   Local     d          external  d                     d                       d                     silent                   d
            Cluster   Cluster   d          outer-3   d<node-3              d<node-3                d<node-3              d<node-3                 d<node-3
            Cluster   Cluster   a c        outer-3   a<node-3 | c<node-3   a<node-3 | c<node-3     a<node-3 | c<node-3   a<node-3 | c<node-3      a<node-3 | c<node-3
            Cluster   Cluster   c! d       outer-3   d<node-3              d<node-3                d<node-3              d<node-3                 d<node-3
            Cluster   Local     d          outer-3   d<node                d<node-2                d                     d                        d
            Cluster   Local     a c        outer-3   silent                silent                  silent                silent                   silent
            Cluster   Local     a c d      outer-3   d<node                d<node-2                d                     d                        d
            Cluster   Local     c! d!      outer-3   d<node                d<node-2                d                     d                        d
            Cluster   Local     none       outer-3   refused               refused                 refused               refused                  refused
            Cluster   Cluster   d          outer-2   d<node-2              d<node-2                d                     d<node-2                 d<node-2
            Cluster   Local     d          outer-2   silent                d                       d                     silent                   silent
            Cluster   Local     a c        outer-2   c<node                a | c<node-2            a | c                 c                        c
            Cluster   Cluster   d          inner-3   d<node-3              d<node-3                d<node-3              -                        -
            Cluster   Cluster   a c        inner-3   a<node-3 | c<node-3   a<node-3 | c<node-3     a<node-3 | c<node-3   -                        -
            Cluster   Local     d          inner-3   d                     d                       d                     -                        -
            Cluster   Local     a c        inner-3   silent                silent                  silent                -                        -
            Cluster   Local     a c d      inner-3   d                     d                       d                     -                        -
            Local     Local     d          inner-3   d                     d                       d                     -                        -
            Cluster   Local     a c        inner-2   c                     a | c<node-2            a | c                 -                        -
            """;

    private static final List<String> SENDERS = List.of("a", "c", "node-2", "outside", "outside-3");

    private ThreeNodeRows() {}

    private record Subject(Scope internal, Scope external, List<String> endpoints) {}

    private record Line(Subject subject, String to, List<String> outcomes) {}

    private static List<Line> lines() {
        return LINES.lines().skip(1).map(ThreeNodeRows::line).toList();
    }

    private static Line line(String text) {
        String[] words = text.split(" {2,}");
        List<String> endpoints = words[2].equals("none") ? List.of() : List.of(words[2].split(" "));
        Subject subject = new Subject(scope(words[0]), scope(words[1]), endpoints);
        return new Line(subject, words[3], List.of(words).subList(4, words.length));
    }

    private static Scope scope(String text) {
        return text.equals("Local") ? Scope.LOCAL : Scope.CLUSTER;
    }

    private static List<Subject> subjects() {
        Set<Subject> all = new LinkedHashSet<>();
        lines().forEach(line -> all.add(line.subject()));
        return List.copyOf(all);
    }

    /// By node, what each must know: the Services are the same, and which endpoints are local is not.
    static Map<String, ServiceTable> tables() {
        return ThreeNodes.NODES.stream().collect(Collectors.toMap(Function.identity(), ThreeNodeRows::table));
    }

    private static ServiceTable table(String node) {
        List<Subject> subjects = subjects();
        List<ServiceEntry> services = new ArrayList<>();
        for (int i = 0; i < subjects.size(); i++) {
            Subject subject = subjects.get(i);
            TrafficPolicy policy = new TrafficPolicy(subject.internal(), subject.external(), List.of(), 0);
            services.add(Tables.service(
                    "three-" + i, policy, port(Protocol.TCP, i, subject, node), port(Protocol.UDP, i, subject, node)));
        }
        return ServiceTable.of(1, services, List.of("default"));
    }

    /// As a node sees the endpoints: the ready ones, or without any those that still serve; for all and for local ones.
    private static PortEntry port(Protocol protocol, int number, Subject subject, String node) {
        List<String> all = subject.endpoints();
        List<String> here = all.stream().filter(pod -> nodeOf(pod).equals(node)).toList();
        LocalBackends local = new LocalBackends(backends(chosen(here), node), backends(ready(here), node));
        List<Frontend> frontends =
                new ArrayList<>(Tables.port(protocol, "node4:%1$d node6:%1$d".formatted(nodePort(number)))
                        .frontends());
        for (boolean six : List.of(false, true)) {
            frontends.add(new Frontend.ClusterIp(address("cluster", six, number), 80));
            frontends.add(new Frontend.LoadBalancer(address("lb", six, number), 80));
            frontends.add(new Frontend.ExternalIp(address("external", six, number), 80));
        }
        return new PortEntry("", protocol, 80, frontends, backends(chosen(all), node), local, backends(all, node));
    }

    private static List<String> ready(List<String> endpoints) {
        return endpoints.stream().filter(pod -> !pod.endsWith("!")).toList();
    }

    private static List<String> chosen(List<String> endpoints) {
        return ready(endpoints).isEmpty() ? endpoints : ready(endpoints);
    }

    private static String nodeOf(String endpoint) {
        return ThreeNodes.nodeOf(endpoint.substring(0, 1));
    }

    private static List<Backend> backends(List<String> endpoints, String node) {
        return Stream.of("10.244.%d.2", "fd00:244:%d::2")
                .flatMap(address -> endpoints.stream()
                        .map(pod -> new Backend(
                                IpAddress.parse(address.formatted(ThreeNodes.NODES.indexOf(nodeOf(pod)) + 1)),
                                TestNetwork.TARGET_PORT,
                                nodeOf(pod).equals(node))))
                .toList();
    }

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        List<Subject> subjects = subjects();
        for (Line line : lines()) {
            int number = subjects.indexOf(line.subject());
            for (int i = 0; i < SENDERS.size(); i++) {
                String outcomes = line.outcomes().get(i);
                if (!outcomes.equals("-")) {
                    rows.addAll(rows(SENDERS.get(i), line.to(), number, List.of(outcomes.split(" \\| "))));
                }
            }
        }
        return rows;
    }

    private static List<Row> rows(String from, String to, int number, List<String> allowed) {
        int port = to.contains("-") ? nodePort(number) : 80;
        return Stream.of("tcp", "udp")
                .flatMap(protocol -> Stream.of(false, true)
                        .map(six ->
                                new Row(from, protocol, address(to, six, number).toString(), port, allowed)))
                .toList();
    }

    private static int nodePort(int number) {
        return 31_000 + number;
    }

    private static IpAddress address(String to, boolean six, int number) {
        String last = to.substring(to.indexOf('-') + 1);
        return IpAddress.parse(
                switch (to.replaceAll("-.*", "")) {
                    case "cluster" -> (six ? "fd00:10:96::a" : "10.96.1.1") + "%02d".formatted(number);
                    case "lb" -> (six ? "2001:db8:203::a" : "203.0.113.1") + "%02d".formatted(number);
                    case "external" -> (six ? "2001:db8:203:1::a" : "192.0.2.1") + "%02d".formatted(number);
                    case "outer" -> (six ? "2001:db8:100::" : "198.51.100.") + last;
                    case "inner" -> (six ? "fd00:172::" : "172.31.0.") + last;
                    default -> throw new IllegalArgumentException(to);
                });
    }
}
