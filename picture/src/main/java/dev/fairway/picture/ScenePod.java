package dev.fairway.picture;

import dev.fairway.address.IpAddress;
import java.util.List;

/// A pod of the picture.
///
/// @param node empty while it is on none
/// @param ports those that the drawn Services lead to, else those that its containers declare
public record ScenePod(
        String namespace, String name, String node, List<IpAddress> addresses, List<Integer> ports, PodState state) {

    public ScenePod {
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
    }
}
