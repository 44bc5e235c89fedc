package dev.fairway.picture;

import dev.fairway.address.IpAddress;
import java.util.List;

/// Who answers for a Service: a pod with all its addresses, or an address that belongs to no pod.
///
/// @param pod the pod's name, in the Service's namespace; empty for none
/// @param node empty when unknown
public record SceneEndpoint(String pod, String node, List<IpAddress> addresses, PodState state) {

    public SceneEndpoint {
        addresses = List.copyOf(addresses);
    }
}
