package dev.fairway.kernel;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import java.util.Optional;

/// A unicast route of the main table: packets to `destination` leave over `link`, to `gateway` when there is one.
public record Route(Cidr destination, Optional<IpAddress> gateway, String link) {

    public static Route via(Cidr destination, IpAddress gateway, String link) {
        return new Route(destination, Optional.of(gateway), link);
    }

    /// A route whose destinations are neighbours on the link.
    public static Route direct(Cidr destination, String link) {
        return new Route(destination, Optional.empty(), link);
    }

    /// The route for everything else of the gateway's family.
    public static Route byDefault(IpAddress gateway, String link) {
        return via(everything(gateway.family()), gateway, link);
    }

    public boolean isDefault() {
        return destination.prefix() == 0;
    }

    private static Cidr everything(IpFamily family) {
        return switch (family) {
            case IPV4 -> new Cidr(IpAddress.ofV4(0), 0);
            case IPV6 -> new Cidr(IpAddress.ofV6(0, 0), 0);
        };
    }

    /// As `ip route` writes it: `10.0.0.0/24 via 192.0.2.1 dev eth0`.
    @Override
    public String toString() {
        return (isDefault() ? "default" : destination.toString())
                + gateway.map(address -> " via " + address).orElse("") + " dev " + link;
    }
}
