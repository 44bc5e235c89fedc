package dev.fairway.table;

import dev.fairway.address.Cidr;
import java.util.List;

/// Which endpoints a Service's traffic may reach, and who may send it.
///
/// @param internal for traffic to cluster IPs
/// @param external for traffic from outside to node ports, load balancer and external addresses; pods and the node
///     itself reach every endpoint there
/// @param sourceRanges who may use the load balancer's addresses; a family without a block is open to all
/// @param healthCheckNodePort where load balancers ask whether this node has an endpoint; 0 for nowhere
public record TrafficPolicy(Scope internal, Scope external, List<Cidr> sourceRanges, int healthCheckNodePort) {

    /// All endpoints for everybody.
    public static final TrafficPolicy OPEN = new TrafficPolicy(Scope.CLUSTER, Scope.CLUSTER, List.of(), 0);

    /// Whose endpoints.
    public enum Scope {
        /// Those of all nodes.
        CLUSTER,
        /// Those of the node that the packet came to.
        LOCAL
    }

    public TrafficPolicy {
        sourceRanges = List.copyOf(sourceRanges);
    }
}
