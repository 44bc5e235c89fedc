package dev.fairway.app.config;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.node.ProxySpec.Forwarding;
import dev.fairway.node.pod.ImageMap;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// All settings of a one-machine cluster, complete: what the file leaves out has its default here.
///
/// @param name prefix of every network namespace; several clusters with different names can run on one machine
/// @param nodes at least one
/// @param outside the segment that joins the outside host, the edge and the nodes
/// @param inside the segment that joins the nodes with each other
/// @param loadBalancerPools blocks from which the edge takes addresses
/// @param services address ranges and node ports of Services
/// @param forwarding where node ports answer on the nodes, and whose source is kept
/// @param dns names and upstream servers
/// @param externalNames blocks for external names whose ports are translated
/// @param hostAccess whether the machine itself gets a link into the outside segment
/// @param images what image names stand for
/// @param pagePort of the page in the browser, on loopback; 0 for any
/// @param access who else gets in, and whether it is written down
public record ClusterConfig(
        String name,
        List<NodeConfig> nodes,
        OutsideConfig outside,
        List<Cidr> inside,
        List<Cidr> loadBalancerPools,
        ServicesConfig services,
        Forwarding forwarding,
        DnsConfig dns,
        List<Cidr> externalNames,
        boolean hostAccess,
        ImageMap images,
        int apiPort,
        int pagePort,
        AccessConfig access) {

    public ClusterConfig {
        nodes = List.copyOf(nodes);
        inside = List.copyOf(inside);
        loadBalancerPools = List.copyOf(loadBalancerPools);
        externalNames = List.copyOf(externalNames);
    }

    /// @param pods blocks from which the node's pods take their addresses, one a family
    public record NodeConfig(
            String name, String zone, List<IpAddress> outside, List<IpAddress> inside, List<Cidr> pods) {
        public NodeConfig {
            outside = List.copyOf(outside);
            inside = List.copyOf(inside);
            pods = List.copyOf(pods);
        }
    }

    /// @param host addresses of the outside host, as `fairway outside` sees itself
    /// @param edge addresses of the edge, the nodes' default gateway
    /// @param machine addresses of the machine itself in this segment, used with `hostAccess`
    public record OutsideConfig(
            List<Cidr> networks, List<IpAddress> host, List<IpAddress> edge, List<IpAddress> machine) {
        public OutsideConfig {
            networks = List.copyOf(networks);
            host = List.copyOf(host);
            edge = List.copyOf(edge);
            machine = List.copyOf(machine);
        }
    }

    /// @param ranges one block a family, the primary family first
    /// @param fixed `namespace/name` to the address that this Service gets when it asks for none
    public record ServicesConfig(
            List<Cidr> ranges, int nodePortFrom, int nodePortTo, SortedMap<String, IpAddress> fixed) {
        public ServicesConfig {
            ranges = List.copyOf(ranges);
            fixed = Collections.unmodifiableSortedMap(new TreeMap<>(fixed));
        }
    }

    /// @param addresses where pods find DNS, within the service ranges
    /// @param upstreams servers for all other names, asked in this order
    public record DnsConfig(String domain, List<IpAddress> addresses, List<IpAddress> upstreams) {
        public DnsConfig {
            addresses = List.copyOf(addresses);
            upstreams = List.copyOf(upstreams);
        }
    }

    /// @param tokenFile absolute path of a file of lines `token,user,uid,"group1,group2"`; empty for none
    /// @param audit whether each request to the API leaves a line in the state folder
    public record AccessConfig(String tokenFile, boolean audit) {}

    /// The families of the service ranges, the primary first.
    public List<IpFamily> families() {
        return services.ranges().stream().map(Cidr::family).toList();
    }

    public ClusterConfig withNodes(List<NodeConfig> other) {
        return new ClusterConfig(
                name,
                other,
                outside,
                inside,
                loadBalancerPools,
                services,
                forwarding,
                dns,
                externalNames,
                hostAccess,
                images,
                apiPort,
                pagePort,
                access);
    }
}
