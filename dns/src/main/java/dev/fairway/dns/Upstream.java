package dev.fairway.dns;

import dev.fairway.address.IpAddress;

/// A recursive DNS server that knows the rest of the world.
public record Upstream(IpAddress address, int port) {

    public static final int DNS_PORT = 53;

    public static Upstream of(IpAddress address) {
        return new Upstream(address, DNS_PORT);
    }

    @Override
    public String toString() {
        return address.withPort(port);
    }
}
