package dev.fairway.node.machine;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import java.util.List;

/// A node of the machine network, with at most one address and one pod block of each family.
///
/// @param outside addresses in the outside networks, where clients are
/// @param inside addresses in the inside networks, over which nodes reach each other's pods
/// @param podBlocks where its pods get their addresses; the first address of each is the bridge's own
public record MachineNode(String name, List<IpAddress> outside, List<IpAddress> inside, List<Cidr> podBlocks) {

    public MachineNode {
        outside = List.copyOf(outside);
        inside = List.copyOf(inside);
        podBlocks = List.copyOf(podBlocks);
    }

    /// The bridge's address in a pod block: the pods' gateway.
    public static IpAddress gateway(Cidr podBlock) {
        return podBlock.at(1);
    }
}
