package dev.fairway.app.config;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.app.config.ClusterConfig.NodeConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What must hold between settings, so that a contradiction is told before anything is made.
final class ConfigRules {

    /// The name is part of a link's name, which has 15 characters at most (IFNAMSIZ of linux/if.h).
    private static final int NAME_LENGTH_MAX = 13;

    /// A block and the setting it stands in.
    private record Block(String field, Cidr cidr) {}

    private final ClusterConfig config;
    private final String source;

    private ConfigRules(ClusterConfig config, String source) {
        this.config = config;
        this.source = source;
    }

    static void check(ClusterConfig config, String source) {
        ConfigRules rules = new ConfigRules(config, source);
        rules.checkName();
        rules.checkServices();
        rules.checkNodes();
        rules.checkOverlap();
    }

    private void checkName() {
        if (!config.name().matches("[a-z][a-z0-9]*") || config.name().length() > NAME_LENGTH_MAX) {
            throw refused(
                    "name",
                    "\"" + config.name() + "\": expected at most " + NAME_LENGTH_MAX
                            + " lower-case letters and digits");
        }
    }

    private void checkServices() {
        List<Cidr> ranges = config.services().ranges();
        List<IpFamily> families = config.families();
        if (ranges.isEmpty() || ranges.size() > 2 || new HashSet<>(families).size() < families.size()) {
            throw refused("services.ranges", "expected one block, or one of each family, got " + ranges);
        }
        config.dns().addresses().forEach(address -> inOneOf("dns.addresses", address, ranges));
        config.services().fixed().forEach((service, address) -> inOneOf("services.fixed." + service, address, ranges));
    }

    private void checkNodes() {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < config.nodes().size(); i++) {
            NodeConfig node = config.nodes().get(i);
            String field = "nodes[" + i + "]";
            if (!node.name().matches("[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?") || !names.add(node.name())) {
                throw refused(field + ".name", "\"" + node.name() + "\" is no node name or is given twice");
            }
            node.outside()
                    .forEach(address -> inOneOf(
                            field + ".outside", address, config.outside().networks()));
            node.inside().forEach(address -> inOneOf(field + ".inside", address, config.inside()));
            IpFamily primary = config.families().getFirst();
            if (node.pods().stream().noneMatch(block -> block.family() == primary)) {
                throw refused(field + ".pods", "a block of " + primary.apiName() + " is required");
            }
        }
    }

    private void checkOverlap() {
        List<Block> blocks = new ArrayList<>();
        add(blocks, "services.ranges", config.services().ranges());
        add(blocks, "externalNames", config.externalNames());
        add(blocks, "loadBalancerPools", config.loadBalancerPools());
        add(blocks, "outside.networks", config.outside().networks());
        add(blocks, "inside", config.inside());
        config.nodes().forEach(node -> add(blocks, "nodes." + node.name() + ".pods", node.pods()));
    }

    private void add(List<Block> blocks, String field, List<Cidr> cidrs) {
        for (Cidr cidr : cidrs) {
            for (Block other : blocks) {
                if (other.cidr().overlaps(cidr)) {
                    throw refused(field, cidr + " overlaps " + other.cidr() + " of " + other.field());
                }
            }
            blocks.add(new Block(field, cidr));
        }
    }

    private void inOneOf(String field, IpAddress address, List<Cidr> blocks) {
        if (blocks.stream().noneMatch(block -> block.contains(address))) {
            throw refused(field, address + " is outside " + blocks);
        }
    }

    private ConfigException refused(String field, String fact) {
        return new ConfigException(source + ": " + field + ": " + fact);
    }
}
