package dev.fairway.table;

import dev.fairway.address.IpAddress;
import java.util.List;

/// What the Service's name stands for.
public sealed interface NameEntry {

    /// Virtual addresses, in the Service's family order; also used for the mapped address of an external name.
    record Addresses(List<IpAddress> addresses) implements NameEntry {
        public Addresses {
            addresses = List.copyOf(addresses);
        }
    }

    /// A headless Service: the ready endpoints themselves.
    record Headless(List<HeadlessEndpoint> endpoints) implements NameEntry {
        public Headless {
            endpoints = List.copyOf(endpoints);
        }
    }

    /// @param hostname the endpoint's hostname, or empty: then its dashed address names it
    /// @param ports the endpoint's own port numbers by port name, for SRV
    record HeadlessEndpoint(String hostname, IpAddress address, List<NamedPort> ports) {
        public HeadlessEndpoint {
            ports = List.copyOf(ports);
        }
    }

    record NamedPort(String name, Protocol protocol, int port) {}

    /// A plain alias: answered with a CNAME.
    record Alias(String target) implements NameEntry {}
}
