package dev.fairway.node.pod;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which pod has which address of one block. An immutable value.
///
/// Addresses are given out in turn (next fit), so that a pod made again gets another address and clients that keep the
/// old one are noticed. The network address, the first address (the bridge's) and the IPv4 broadcast address are never
/// given.
///
/// @param next the index at which the search for the next free address begins
/// @param byPod address by pod uid
public record AddressPool(Cidr block, long next, SortedMap<String, IpAddress> byPod) {

    private static final long FIRST = 2;

    /// The outcome of asking for an address.
    public record Granted(AddressPool pool, IpAddress address) {}

    public AddressPool {
        byPod = Collections.unmodifiableSortedMap(new TreeMap<>(byPod));
    }

    public static AddressPool empty(Cidr block) {
        return new AddressPool(block, FIRST, new TreeMap<>());
    }

    /// The pod's address, a new one if it has none.
    ///
    /// @throws IllegalStateException when the block has no free address
    public Granted grant(String uid) {
        IpAddress has = byPod.get(uid);
        if (has != null) {
            return new Granted(this, has);
        }
        long count = usable();
        if (byPod.size() >= count) {
            throw new IllegalStateException(
                    "pod block %s is exhausted (%d of %d in use): delete pods or give the node a larger block"
                            .formatted(block, byPod.size(), count));
        }
        Set<IpAddress> taken = new HashSet<>(byPod.values());
        long index = within(next);
        while (taken.contains(block.at(index))) {
            index = within(index + 1);
        }
        return new Granted(new AddressPool(block, index + 1, with(uid, block.at(index))), block.at(index));
    }

    /// Nothing changes for a pod without an address.
    public AddressPool release(String uid) {
        SortedMap<String, IpAddress> left = new TreeMap<>(byPod);
        left.remove(uid);
        return new AddressPool(block, next, left);
    }

    private SortedMap<String, IpAddress> with(String uid, IpAddress address) {
        SortedMap<String, IpAddress> all = new TreeMap<>(byPod);
        all.put(uid, address);
        return all;
    }

    private long usable() {
        long reserved = FIRST + (block.base().isV4() ? 1 : 0);
        return Math.max(0, block.sizeClamped() - reserved);
    }

    private long within(long index) {
        return index < FIRST || index >= FIRST + usable() ? FIRST : index;
    }
}
