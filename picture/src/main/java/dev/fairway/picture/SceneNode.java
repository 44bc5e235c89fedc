package dev.fairway.picture;

import dev.fairway.address.IpAddress;
import java.util.List;

/// A node of the picture.
///
/// @param outside its addresses of type `ExternalIP`
/// @param inside its addresses of type `InternalIP`
public record SceneNode(String name, List<IpAddress> outside, List<IpAddress> inside, boolean ready) {

    public SceneNode {
        outside = List.copyOf(outside);
        inside = List.copyOf(inside);
    }

    /// The addresses at which clients find its node ports: those outside, else those inside.
    public List<IpAddress> doors() {
        return outside.isEmpty() ? inside : outside;
    }
}
