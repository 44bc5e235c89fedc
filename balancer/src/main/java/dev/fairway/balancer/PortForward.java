package dev.fairway.balancer;

import dev.fairway.table.Protocol;

/// A port of a load balancer and the node port to which it leads.
public record PortForward(Protocol protocol, int port, int nodePort) {}
