package dev.fairway.api.kind;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import dev.fairway.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The blocks from which Services get addresses just now: those of the ServiceCIDR objects that are ready and stay, the
/// default one first. Until the default object exists, its blocks are those that the server was started with.
record ServiceCidrs(List<Block> blocks) {

    static final String PREFIX = "/networking.k8s.io/servicecidrs//";
    static final String DEFAULT_NAME = "kubernetes";

    /// @param still the object stands as it was read; whoever takes an address from the block requires it
    record Block(Cidr cidr, Optional<Store.Guard> still) {

        /// The network address is not, and of IPv4 the broadcast address neither.
        boolean offers(IpAddress address) {
            boolean broadcast = address.isV4() && address.equals(cidr.last());
            return cidr.contains(address) && !address.equals(cidr.base()) && !broadcast;
        }
    }

    ServiceCidrs {
        blocks = List.copyOf(blocks);
    }

    /// @param objects the entries under `PREFIX`
    static ServiceCidrs of(List<Store.Entry> objects, ServiceRanges ranges) {
        List<Store.Entry> entries = new ArrayList<>(objects);
        entries.sort(Comparator.comparing(entry -> !isDefault(entry)));
        List<Block> blocks = new ArrayList<>();
        if (entries.stream().noneMatch(ServiceCidrs::isDefault)) {
            ranges.clusterRanges().forEach(range -> blocks.add(new Block(range, Optional.empty())));
        }
        for (Store.Entry entry : entries) {
            ObjectNode object = Json.parse(entry.value());
            if (isReady(object)) {
                Optional<Store.Guard> still = Optional.of(new Store.Guard.At(entry.key(), entry.revision()));
                cidrs(object).forEach(cidr -> blocks.add(new Block(cidr, still)));
            }
        }
        return new ServiceCidrs(blocks);
    }

    List<Block> of(IpFamily family) {
        return blocks.stream().filter(block -> block.cidr().family() == family).toList();
    }

    /// The block that gives out the address.
    Optional<Block> with(IpAddress address) {
        return blocks.stream().filter(block -> block.offers(address)).findFirst();
    }

    static List<Cidr> cidrs(JsonNode object) {
        return Tree.texts(object, "spec", "cidrs").stream()
                .flatMap(text -> Cidr.tryParse(text).stream())
                .toList();
    }

    static boolean isReady(JsonNode object) {
        return !Meta.isBeingDeleted(object)
                && Tree.objects(object, "status", "conditions").stream()
                        .anyMatch(condition -> Tree.text(condition, "type").equals("Ready")
                                && Tree.text(condition, "status").equals("True"));
    }

    private static boolean isDefault(Store.Entry entry) {
        return entry.key().equals(PREFIX + DEFAULT_NAME);
    }
}
