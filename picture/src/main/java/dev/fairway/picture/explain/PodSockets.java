package dev.fairway.picture.explain;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The sockets that wait for clients in pods, as they were read from the machine that runs them.
///
/// @param byPod only pods that could be looked into
public record PodSockets(Map<ObjectKey, List<Waiting>> byPod) {

    /// Nothing was looked at.
    public static final PodSockets UNKNOWN = new PodSockets(Map.of());

    /// @param protocol `TCP` or `UDP`
    /// @param address where it waits; the unspecified one for everywhere
    public record Waiting(String protocol, IpAddress address, int port) {

        boolean isReachable() {
            return !address.isLoopback();
        }

        @Override
        public String toString() {
            return protocol + " " + (address.toString().contains(":") ? "[" + address + "]" : address) + ":" + port;
        }
    }

    public PodSockets {
        byPod = Map.copyOf(byPod);
    }

    Optional<List<Waiting>> of(ObjectKey pod) {
        return Optional.ofNullable(byPod.get(pod));
    }
}
