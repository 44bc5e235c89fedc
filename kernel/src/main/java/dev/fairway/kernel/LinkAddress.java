package dev.fairway.kernel;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;

/// An address that a link carries, with the prefix length of the network that is reached over it.
public record LinkAddress(String link, IpAddress address, int prefix) {

    /// The network on the link: `10.0.0.0/24` for `10.0.0.5/24`.
    public Cidr network() {
        return new Cidr(address, prefix);
    }

    @Override
    public String toString() {
        return address + "/" + prefix + " dev " + link;
    }
}
