package dev.fairway.bench;

import java.util.ArrayList;
import java.util.List;

/// Our layout in text that the nft command reads: two maps, and one chain for each number of endpoints.
final class SharedLayout {

    private static final String TABLE = "ip bench";

    private SharedLayout() {}

    static List<String> all(int services, int endpoints) {
        StringBuilder text = new StringBuilder("""
                add table %1$s
                add map %1$s services { type ipv4_addr . inet_proto . inet_service : verdict; }
                add map %1$s endpoints { typeof ip daddr . meta l4proto . th dport . numgen random mod 2 : ip daddr . th dport; }
                add chain %1$s pick
                add rule %1$s pick meta l4proto tcp dnat ip addr . port to ip daddr . meta l4proto . th dport . numgen random mod %2$d map @endpoints
                add chain %1$s dispatch
                add rule %1$s dispatch ip daddr . meta l4proto . th dport vmap @services
                add chain %1$s prerouting { type nat hook prerouting priority -100; }
                add rule %1$s prerouting jump dispatch
                add chain %1$s output { type nat hook output priority -100; }
                add rule %1$s output jump dispatch
                """.formatted(TABLE, endpoints));
        List<String> slots = new ArrayList<>();
        List<String> frontends = new ArrayList<>();
        for (int service = 0; service < services; service++) {
            for (int slot = 0; slot < endpoints; slot++) {
                slots.add(key(service, slot) + " : " + Cluster.endpoint(service, slot) + " . 8080");
            }
            frontends.add(Cluster.clusterIp(service) + " . tcp . 80 : goto pick");
        }
        text.append("add element %s endpoints { %s }\n".formatted(TABLE, String.join(", ", slots)));
        text.append("add element %s services { %s }\n".formatted(TABLE, String.join(", ", frontends)));
        return List.of(text.toString());
    }

    private static String key(int service, int slot) {
        return Cluster.clusterIp(service) + " . tcp . 80 . " + slot;
    }

    /// Another endpoint in the place of the first.
    static String change(int change, int endpoints) {
        return """
                delete element %1$s endpoints { %2$s }
                add element %1$s endpoints { %2$s : %3$s . 8080 }
                """.formatted(TABLE, key(change, 0), Cluster.endpoint(change, endpoints));
    }
}
