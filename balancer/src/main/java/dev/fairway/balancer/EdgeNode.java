package dev.fairway.balancer;

import dev.fairway.address.IpAddress;
import java.util.List;

/// A node as the edge reaches it.
///
/// @param outside its outside addresses, both families
public record EdgeNode(String name, List<IpAddress> outside) {

    public EdgeNode {
        outside = List.copyOf(outside);
    }
}
