package dev.fairway.dataplane;

import static dev.fairway.dataplane.Tables.local;
import static dev.fairway.dataplane.Tables.port;
import static dev.fairway.dataplane.Tables.remote;
import static dev.fairway.dataplane.Tables.service;

import dev.fairway.table.Backend;
import dev.fairway.table.Balancing;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.SessionAffinity;
import dev.fairway.table.TrafficPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Small tables in which everything that a ruleset knows comes and goes.
final class RandomTables {

    private static final List<TrafficPolicy> POLICIES = List.of(
            TrafficPolicy.OPEN,
            Tables.EXTERNAL_LOCAL,
            Tables.INTERNAL_LOCAL,
            Tables.only("198.51.100.0/24"),
            Tables.only("198.51.100.0/24", "192.0.2.0/24"));

    private RandomTables() {}

    /// Six Services at most, some of which want the same address.
    static ServiceTable next(Random random, long revision) {
        List<ServiceEntry> entries = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            if (random.nextInt(3) > 0) {
                Balancing balancing = random.nextInt(4) == 0 ? Balancing.ROUND_ROBIN : Balancing.RANDOM;
                int affinity = random.nextInt(3) == 0 ? 60 * (1 + random.nextInt(2)) : 0;
                TrafficPolicy traffic = POLICIES.get(random.nextInt(POLICIES.size()));
                SessionAffinity kept = new SessionAffinity(affinity, random.nextBoolean());
                entries.add(service("s" + i, balancing, traffic, kept, randomPorts(random, i)));
            }
        }
        return Tables.table(revision, entries.toArray(ServiceEntry[]::new));
    }

    private static PortEntry[] randomPorts(Random random, int number) {
        PortEntry one = randomPort(random, number, 80);
        return random.nextBoolean() ? new PortEntry[] {one} : new PortEntry[] {one, randomPort(random, number, 443)};
    }

    private static PortEntry randomPort(Random random, int number, int port) {
        StringBuilder frontends = new StringBuilder("cluster:10.96.0." + number + ":" + port);
        List<String> more = List.of(
                "node4:" + (30_000 + port + number),
                "node6:" + (30_000 + port + number),
                "cluster:fd00:10:96::" + number + ":" + port,
                "external:192.0.2.1:" + port, // wanted by several
                "lb:203.0.113." + number + ":" + port);
        more.stream()
                .filter(_ -> random.nextBoolean())
                .forEach(it -> frontends.append(' ').append(it));
        List<Backend> backends = new ArrayList<>();
        for (int pod = 2; pod < 10; pod++) {
            if (random.nextBoolean()) {
                backends.add(pod % 2 == 0 ? local("10.244.1." + pod) : remote("10.244.2." + pod));
                backends.add(pod % 2 == 0 ? local("fd00:244:1::" + pod) : remote("fd00:244:2::" + pod));
            }
        }
        return port(Protocol.TCP, frontends.toString(), backends.toArray(Backend[]::new));
    }
}
