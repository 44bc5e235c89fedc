package dev.fairway.table;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;

/// An address and port that clients use. The protocol is that of the port it belongs to.
public sealed interface Frontend {

    int port();

    IpFamily family();

    /// The Service's own virtual address.
    record ClusterIp(IpAddress address, int port) implements Frontend {
        @Override
        public IpFamily family() {
            return address.family();
        }
    }

    /// A port on every address of the node, for one family.
    record NodePort(IpFamily family, int port) implements Frontend {}

    /// An address of the load balancer, short-circuited on the node.
    record LoadBalancer(IpAddress address, int port) implements Frontend {
        @Override
        public IpFamily family() {
            return address.family();
        }
    }

    /// An address from `spec.externalIPs`.
    record ExternalIp(IpAddress address, int port) implements Frontend {
        @Override
        public IpFamily family() {
            return address.family();
        }
    }

    /// The address that stands for an external name whose ports are translated.
    record Mapped(IpAddress address, int port) implements Frontend {
        @Override
        public IpFamily family() {
            return address.family();
        }
    }
}
