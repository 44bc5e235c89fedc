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

    /// What such proxies do besides choosing: refuse what nobody serves, drop what has no Service, check source ranges,
    /// answer on node ports, and masquerade who would not get the answers otherwise.
    private static final String DUTIES = """
            add map %1$s firewalled { type ipv4_addr . inet_proto . inet_service : verdict; }
            add map %1$s unserved { type ipv4_addr . inet_proto . inet_service : verdict; }
            add map %1$s nodeports { type inet_proto . inet_service : verdict; }
            add set %1$s cluster-ips { type ipv4_addr; }
            add set %1$s node-addresses { type ipv4_addr; elements = { 10.65.0.1 }; }
            add chain %1$s to-mark
            add rule %1$s to-mark meta mark set meta mark or 0x4000
            add chain %1$s check-firewall
            add rule %1$s check-firewall ip daddr . meta l4proto . th dport vmap @firewalled
            add chain %1$s check-endpoints
            add rule %1$s check-endpoints ip daddr . meta l4proto . th dport vmap @unserved
            add chain %1$s check-cluster-ips
            add rule %1$s check-cluster-ips ip daddr @cluster-ips reject
            add rule %1$s check-cluster-ips ip daddr 10.96.0.0/12 drop
            add rule %1$s dispatch ip daddr @node-addresses meta l4proto . th dport vmap @nodeports
            add chain %1$s filter-prerouting { type filter hook prerouting priority -110; }
            add rule %1$s filter-prerouting ct state new jump check-firewall
            add chain %1$s filter-input { type filter hook input priority -110; }
            add rule %1$s filter-input ct state new jump check-endpoints
            add chain %1$s filter-forward { type filter hook forward priority -110; }
            add rule %1$s filter-forward ct state new jump check-endpoints
            add rule %1$s filter-forward ct state new jump check-cluster-ips
            add chain %1$s filter-output { type filter hook output priority -110; }
            add rule %1$s filter-output ct state new jump check-endpoints
            add rule %1$s filter-output ct state new jump check-firewall
            add chain %1$s filter-translated { type filter hook output priority -90; }
            add rule %1$s filter-translated ct state new jump check-cluster-ips
            add chain %1$s masquerading
            add rule %1$s masquerading meta mark and 0x4000 == 0 return
            add rule %1$s masquerading meta mark set meta mark xor 0x4000
            add rule %1$s masquerading masquerade fully-random
            add chain %1$s postrouting { type nat hook postrouting priority 100; }
            add rule %1$s postrouting jump masquerading
            """.formatted(TABLE);

    /// The choice among endpoints and nothing else, in batches.
    static List<String> all(int services, int endpoints) {
        return batches(services, endpoints, false);
    }

    /// With all that a packet meets on its way through such a proxy, in batches.
    static List<String> complete(int services, int endpoints) {
        return batches(services, endpoints, true);
    }

    private static List<String> batches(int services, int endpoints, boolean complete) {
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
        if (complete) {
            text.append(DUTIES);
        }
        for (int service = 0; service < services; service++) {
            service(text, service, endpoints, complete);
            if ((service + 1) % BATCH == 0 || service + 1 == services) {
                batches.add(text.toString());
                text.setLength(0);
            }
        }
        return batches;
    }

    private static void service(StringBuilder text, int service, int endpoints, boolean complete) {
        for (int endpoint = 0; endpoint < endpoints; endpoint++) {
            endpoint(text, service, endpoint, complete);
        }
        String address = Cluster.clusterIp(service).toString();
        text.append("add chain %s svc-%d\n".formatted(TABLE, service));
        if (complete) {
            text.append("add element %s cluster-ips { %s }\n".formatted(TABLE, address));
            text.append("add rule %s svc-%d ip daddr %s tcp dport 80 ip saddr != 10.64.0.0/24 jump to-mark\n"
                    .formatted(TABLE, service, address));
        }
        choose(text, service, 0, endpoints);
        text.append("add element %s services { %s . tcp . 80 : goto svc-%d }\n".formatted(TABLE, address, service));
    }

    private static void endpoint(StringBuilder text, int service, int endpoint, boolean complete) {
        String chain = "ep-" + service + "-" + endpoint;
        String address = Cluster.endpoint(service, endpoint).toString();
        text.append("add chain %s %s\n".formatted(TABLE, chain));
        if (complete) {
            text.append("add rule %s %s ip saddr %s jump to-mark\n".formatted(TABLE, chain, address));
        }
        text.append("add rule %s %s meta l4proto tcp dnat to %s:8080\n".formatted(TABLE, chain, address));
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
        endpoint(text, change, endpoints, false);
        text.append("flush chain %s svc-%d\n".formatted(TABLE, change));
        choose(text, change, 1, endpoints);
        text.append("flush chain %s ep-%d-0\n".formatted(TABLE, change));
        text.append("delete chain %s ep-%d-0\n".formatted(TABLE, change));
        return text.toString();
    }
}
