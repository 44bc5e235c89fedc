package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import dev.fairway.table.ServiceName;
import java.util.Comparator;

/// How many connections an endpoint that ends still has through this node.
///
/// @param port the Service port's name, empty if it has none
/// @param address the endpoint's, with `number` as its port
public record DrainCount(ServiceName service, String port, IpAddress address, int number, int connections)
        implements Comparable<DrainCount> {

    private static final Comparator<DrainCount> ORDER = Comparator.comparing(DrainCount::service)
            .thenComparing(DrainCount::port)
            .thenComparing(DrainCount::address)
            .thenComparingInt(DrainCount::number)
            .thenComparingInt(DrainCount::connections);

    @Override
    public int compareTo(DrainCount other) {
        return ORDER.compare(this, other);
    }
}
