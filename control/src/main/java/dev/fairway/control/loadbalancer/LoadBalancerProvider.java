package dev.fairway.control.loadbalancer;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import java.util.List;

/// Brings traffic for outside addresses to the cluster's nodes. The load balancer controller calls it from several
/// threads
/// for different Services, never twice at once for the same one.
///
/// Both calls may throw any RuntimeException: its message becomes an event at the Service, and the call is repeated
/// with
/// back-off.
public interface LoadBalancerProvider {

    /// The `spec.loadBalancerClass` of Services that belong to this provider although they name a class.
    String loadBalancerClass();

    /// Makes the balancer of a Service as requested. Repeated calls with the same request change nothing. After a
    /// restart
    /// every Service is requested again, with the addresses that it already has.
    Assigned ensure(Request request);

    /// Gives up the balancer of a Service; unknown ones are not an error.
    ///
    /// @param uid empty when the Service vanished without a trace: then whatever is held for the name is void
    void release(String namespace, String name, String uid);

    /// @param families the families to give addresses of, the primary first
    /// @param wantedAddresses addresses to keep or to try first: those in the status, then `spec.loadBalancerIP`
    /// @param nodes the nodes that may receive traffic
    /// @param sourceRanges `spec.loadBalancerSourceRanges`: the blocks that clients must be in; empty for everybody
    /// @param healthCheckNodePort where only nodes with an endpoint answer 200, for Services whose external traffic
    ///     stays on its node; else 0
    record Request(
            String namespace,
            String name,
            String uid,
            List<BalancedPort> ports,
            List<IpFamily> families,
            List<IpAddress> wantedAddresses,
            List<BalancedNode> nodes,
            List<Cidr> sourceRanges,
            int healthCheckNodePort) {
        public Request {
            ports = List.copyOf(ports);
            families = List.copyOf(families);
            wantedAddresses = List.copyOf(wantedAddresses);
            nodes = List.copyOf(nodes);
            sourceRanges = List.copyOf(sourceRanges);
        }
    }

    /// @param protocol `TCP`, `UDP` or `SCTP`
    /// @param nodePort 0 when the Service allocates none
    record BalancedPort(String name, String protocol, int port, int nodePort) {}

    /// @param outsideAddresses its addresses of type ExternalIP, or InternalIP where it has none
    record BalancedNode(String name, List<IpAddress> outsideAddresses, boolean ready) {
        public BalancedNode {
            outsideAddresses = List.copyOf(outsideAddresses);
        }
    }

    /// The addresses at which the Service now answers, for its status.
    record Assigned(List<IpAddress> addresses) {
        public Assigned {
            addresses = List.copyOf(addresses);
        }
    }
}
