package dev.fairway.bench;

import java.util.ArrayList;
import java.util.List;

/// Rules in the shape that proxies have which give each Service and each endpoint a chain: a map from the frontend to the
/// Service's chain, there a random choice among the endpoints' chains, and in each of those a translation.
final class ChainLayout {

    private static final String TABLE = "ip bench";
    /// Services in a batch. Smaller and larger ones are slower.
    private static final int BATCH = 1_000;

    private ChainLayout() {}

    /// All of it, in batches.
    static List<String> all(int services, int endpoints) {
        List<String> batches = new ArrayList<>();
        StringBuilder text = new StringBuilder("""
                add table %1$s
                add map %1$s services { type ipv4_addr . inet_proto . inet_service : verdict; }
                add chain %1$s dispatch
                add rule %1$s dispatch ip daddr . meta l4proto . th dport vmap @services
                add chain %1$s prerouting { type nat hook prerouting priority -100; }
                add rule %1$s prerouting jump dispatch
                add chain %1$s output { type nat hook output priority -100; }
                add rule %1$s output jump dispatch
                """.formatted(TABLE));
        for (int service = 0; service < services; service++) {
            service(text, service, endpoints);
            if ((service + 1) % BATCH == 0 || service + 1 == services) {
                batches.add(text.toString());
                text.setLength(0);
            }
        }
        return batches;
    }

    private static void service(StringBuilder text, int service, int endpoints) {
        for (int endpoint = 0; endpoint < endpoints; endpoint++) {
            endpoint(text, service, endpoint);
        }
        text.append("add chain %s svc-%d\n".formatted(TABLE, service));
        choose(text, service, 0, endpoints);
        text.append("add element %s services { %s . tcp . 80 : goto svc-%d }\n"
                .formatted(TABLE, Cluster.clusterIp(service), service));
    }

    private static void endpoint(StringBuilder text, int service, int endpoint) {
        String chain = "ep-" + service + "-" + endpoint;
        text.append("add chain %s %s\n".formatted(TABLE, chain));
        text.append("add rule %s %s meta l4proto tcp dnat to %s:8080\n"
                .formatted(TABLE, chain, Cluster.endpoint(service, endpoint)));
    }

    private static void choose(StringBuilder text, int service, int first, int endpoints) {
        text.append("add rule %s svc-%d numgen random mod %d vmap {".formatted(TABLE, service, endpoints));
        for (int slot = 0; slot < endpoints; slot++) {
            text.append(slot == 0 ? " " : ", ").append("%d : goto ep-%d-%d".formatted(slot, service, first + slot));
        }
        text.append(" }\n");
    }

    /// The first endpoint goes, another comes.
    static String change(int change, int endpoints) {
        StringBuilder text = new StringBuilder();
        endpoint(text, change, endpoints);
        text.append("flush chain %s svc-%d\n".formatted(TABLE, change));
        choose(text, change, 1, endpoints);
        text.append("flush chain %s ep-%d-0\n".formatted(TABLE, change));
        text.append("delete chain %s ep-%d-0\n".formatted(TABLE, change));
        return text.toString();
    }
}
