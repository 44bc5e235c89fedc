package dev.fairway.balancer;

import dev.fairway.address.IpAddress;

/// Where a node is asked whether it may get connections.
record Check(IpAddress node, int port) {

    static Check of(IpAddress node) {
        return new Check(node, Probe.NODE_PORT);
    }

    static Check of(IpAddress node, LoadBalancer balancer) {
        return balancer.healthPort() == 0 ? of(node) : new Check(node, balancer.healthPort());
    }
}
