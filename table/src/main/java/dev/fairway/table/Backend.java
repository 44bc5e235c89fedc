package dev.fairway.table;

import dev.fairway.address.IpAddress;
import java.util.Comparator;

/// An address and port that answers.
///
/// @param local whether it runs on this node
public record Backend(IpAddress address, int port, boolean local) implements Comparable<Backend> {

    private static final Comparator<Backend> ORDER = Comparator.comparing(Backend::address)
            .thenComparingInt(Backend::port)
            .thenComparing(Backend::local);

    @Override
    public int compareTo(Backend other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return address.withPort(port);
    }
}
