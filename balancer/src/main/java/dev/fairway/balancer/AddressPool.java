package dev.fairway.balancer;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Who holds which address of the pools: an immutable value.
///
/// The base of a block, and the last address of an IPv4 block, are not given out (routers treat them specially),
/// unless the block has only one or two addresses.
record AddressPool(List<Cidr> blocks, Map<IpAddress, String> holders) {

    AddressPool {
        blocks = List.copyOf(blocks);
        holders = Map.copyOf(holders);
    }

    static AddressPool of(List<Cidr> blocks) {
        return new AddressPool(blocks, Map.of());
    }

    /// The addresses of one holder, in order.
    List<IpAddress> of(String holder) {
        return holders.entrySet().stream()
                .filter(entry -> entry.getValue().equals(holder))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /// The pool after the balancer got its addresses: those it wants, else those it has, else the lowest free ones.
    ///
    /// @param reserved addresses that are given only to those who want them
    /// @throws PoolException when a wanted address is not to be had or a pool is exhausted
    AddressPool assign(LoadBalancer balancer, Collection<IpAddress> reserved) {
        AddressPool without = release(balancer.name());
        Map<IpAddress, String> next = new TreeMap<>(without.holders);
        for (IpFamily family : balancer.families()) {
            IpAddress address = wanted(without, balancer, family)
                    .or(() -> of(balancer.name()).stream()
                            .filter(had -> had.family() == family)
                            .findFirst())
                    .orElseGet(() -> without.lowestFree(family, reserved));
            next.put(address, balancer.name());
        }
        return new AddressPool(blocks, next);
    }

    AddressPool release(String holder) {
        Map<IpAddress, String> next = new TreeMap<>(holders);
        next.values().removeIf(holder::equals);
        return new AddressPool(blocks, next);
    }

    private static Optional<IpAddress> wanted(AddressPool free, LoadBalancer balancer, IpFamily family) {
        Optional<IpAddress> wanted = balancer.wanted().stream()
                .filter(address -> address.family() == family)
                .findFirst();
        wanted.ifPresent(address -> free.check(balancer, address));
        return wanted;
    }

    private void check(LoadBalancer balancer, IpAddress address) {
        if (blocks.stream().noneMatch(block -> block.contains(address))) {
            throw new PoolException("give %s to load balancer %s: the address is in no pool (%s): ask for one that is"
                    .formatted(address, balancer.name(), text(blocks)));
        }
        String holder = holders.get(address);
        if (holder != null) {
            throw new PoolException("give %s to load balancer %s: the address is in use by %s: ask for another"
                    .formatted(address, balancer.name(), holder));
        }
    }

    private IpAddress lowestFree(IpFamily family, Collection<IpAddress> reserved) {
        List<Cidr> candidates =
                blocks.stream().filter(block -> block.family() == family).toList();
        for (Cidr block : candidates) {
            long last = firstIndex(block) + capacity(block);
            for (long index = firstIndex(block); index < last; index++) {
                IpAddress address = block.at(index);
                if (!holders.containsKey(address) && !reserved.contains(address)) {
                    return address;
                }
            }
        }
        throw new PoolException(
                candidates.isEmpty()
                        ? "there is no %s pool: add one to the configuration".formatted(family.apiName())
                        : exhausted(candidates));
    }

    private String exhausted(List<Cidr> candidates) {
        List<String> texts = new ArrayList<>();
        for (Cidr block : candidates) {
            long used = holders.keySet().stream().filter(block::contains).count();
            texts.add("pool %s is exhausted (%d of %d in use)".formatted(block, used, capacity(block)));
        }
        return String.join("; ", texts) + ": delete a load balancer or add a pool";
    }

    private static long firstIndex(Cidr block) {
        return isTiny(block) ? 0 : 1;
    }

    private static long capacity(Cidr block) {
        if (isTiny(block)) {
            return block.sizeClamped();
        }
        return block.sizeClamped() - (block.family() == IpFamily.IPV4 ? 2 : 1);
    }

    private static boolean isTiny(Cidr block) {
        return block.prefix() >= block.family().bits() - 1;
    }

    private static String text(List<Cidr> blocks) {
        return blocks.stream().map(Cidr::toString).collect(Collectors.joining(", "));
    }
}
