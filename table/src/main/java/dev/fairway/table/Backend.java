package dev.fairway.table;

import dev.fairway.address.IpAddress;
import java.util.Comparator;

/// An address and port that answers.
///
/// @param local whether it runs on this node
/// @param weight how many of a Service's new connections it gets, in proportion to the others; 1 for everybody's share,
///     0 for none while others have more
public record Backend(IpAddress address, int port, boolean local, int weight) implements Comparable<Backend> {

    public static final int WEIGHT_MAX = 100;

    private static final Comparator<Backend> ORDER = Comparator.comparing(Backend::address)
            .thenComparingInt(Backend::port)
            .thenComparing(Backend::local)
            .thenComparingInt(Backend::weight);

    public Backend {
        if (weight < 0 || weight > WEIGHT_MAX) {
            throw new IllegalArgumentException("a weight is 0 to " + WEIGHT_MAX + ", not " + weight);
        }
    }

    /// With everybody's share.
    public Backend(IpAddress address, int port, boolean local) {
        this(address, port, local, 1);
    }

    @Override
    public int compareTo(Backend other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return address.withPort(port) + (weight == 1 ? "" : " (weight " + weight + ")");
    }
}
