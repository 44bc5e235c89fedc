package dev.fairway.control.addresses;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The blocks of ServiceCIDRs, and what lies in them.
final class ServiceBlocks {

    private ServiceBlocks() {}

    static List<Cidr> of(JsonNode range) {
        return Tree.texts(range, "spec", "cidrs").stream()
                .flatMap(text -> Cidr.tryParse(text).stream())
                .toList();
    }

    /// @param address as text; one that is no address lies in no block
    static boolean cover(List<Cidr> blocks, String address) {
        return IpAddress.tryParse(address)
                .filter(parsed -> blocks.stream().anyMatch(block -> block.contains(parsed)))
                .isPresent();
    }
}
