package dev.fairway.picture.explain;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// The sockets that wait for clients in pods, as they were read from the machine that runs them.
///
/// @param byPod only pods that could be looked into
public record PodSockets(Map<ObjectKey, List<Waiting>> byPod) {

    /// Nothing was looked at.
    public static final PodSockets UNKNOWN = new PodSockets(Map.of());

    /// @param protocol `TCP` or `UDP`
    /// @param address where it waits; the unspecified one for everywhere
    public record Waiting(String protocol, IpAddress address, int port) {

        private static final IpAddress EVERYWHERE = IpAddress.parse("::");

        boolean isReachable() {
            return !address.isLoopback();
        }

        /// Whoever waits at `::` may wait for IPv4, too: the kernel does not tell.
        boolean isReachable(IpFamily family) {
            return isReachable() && (address.family() == family || address.equals(EVERYWHERE));
        }

        @Override
        public String toString() {
            return protocol + " " + (address.toString().contains(":") ? "[" + address + "]" : address) + ":" + port;
        }
    }

    public PodSockets {
        byPod = Map.copyOf(byPod);
    }

    /// `in pod web-1 wait: TCP [::]:8080`
    static String fact(ObjectNode pod, List<Waiting> sockets) {
        String list =
                sockets.stream().map(Waiting::toString).distinct().sorted().collect(Collectors.joining(", "));
        return "in pod " + Meta.name(pod) + " wait: " + (list.isEmpty() ? "nothing" : list);
    }

    Optional<List<Waiting>> of(ObjectKey pod) {
        return Optional.ofNullable(byPod.get(pod));
    }
}
