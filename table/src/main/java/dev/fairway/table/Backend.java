package dev.fairway.table;

import dev.fairway.address.IpAddress;
import org.jspecify.annotations.Nullable;

/// An address and port that answers.
///
/// @param local whether it runs on this node
/// @param weight how many of a Service's new connections it gets, in proportion to the others; 1 for everybody's share,
///     0 for none while others have more
public record Backend(IpAddress address, int port, boolean local, int weight) implements Comparable<Backend> {

    public static final int WEIGHT_MAX = 100;

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
        int byAddress = address.compareTo(other.address);
        if (byAddress != 0) {
            return byAddress;
        }
        int byPort = Integer.compare(port, other.port);
        if (byPort != 0) {
            return byPort;
        }
        int byPlace = Boolean.compare(local, other.local);
        return byPlace != 0 ? byPlace : Integer.compare(weight, other.weight);
    }

    /// Written out like that of its address, and for the same reason.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Backend that
                && port == that.port
                && local == that.local
                && weight == that.weight
                && address.equals(that.address);
    }

    @Override
    public int hashCode() {
        return 31 * address.hashCode() + port;
    }

    @Override
    public String toString() {
        return address.withPort(port) + (weight == 1 ? "" : " (weight " + weight + ")");
    }
}
