package dev.fairway.node;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.table.Frontend;
import dev.fairway.table.PersistentMap;
import dev.fairway.table.PersistentMultimap;
import dev.fairway.table.PersistentMultimap.Pair;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where the node must answer for Services that ask for it: on its addresses of the Service's families. The next index
/// is made of this one and costs what the Services that changed cost.
///
/// @param addresses those of the node
/// @param entries those of the table
/// @param wanted who asks for an answer there; the first one gets it
record HealthIndex(
        List<IpAddress> addresses,
        PersistentMap<ServiceName, ServiceEntry> entries,
        PersistentMultimap<At, ServiceName> wanted) {

    static final HealthIndex EMPTY = on(List.of());

    HealthIndex {
        addresses = List.copyOf(addresses);
    }

    /// A listener: a node address and the health check port of a Service.
    record At(IpAddress address, int port) implements Comparable<At> {
        @Override
        public int compareTo(At other) {
            int byAddress = address.compareTo(other.address);
            return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
        }
    }

    private static HealthIndex on(List<IpAddress> addresses) {
        return new HealthIndex(addresses, PersistentMap.empty(), PersistentMultimap.empty());
    }

    HealthIndex next(ServiceTable table, List<IpAddress> nodeAddresses) {
        return nodeAddresses.equals(addresses) ? next(table) : on(nodeAddresses).next(table);
    }

    private HealthIndex next(ServiceTable table) {
        List<Pair<At, ServiceName>> gone = new ArrayList<>();
        List<Pair<At, ServiceName>> come = new ArrayList<>();
        entries.differences(table.services(), ServiceEntry::equals, (_, was, is) -> {
            was.ifPresent(entry -> add(entry, gone));
            is.ifPresent(entry -> add(entry, come));
        });
        return new HealthIndex(addresses, table.services(), wanted.with(gone, come));
    }

    private void add(ServiceEntry entry, List<Pair<At, ServiceName>> out) {
        int port = entry.traffic().healthCheckNodePort();
        if (entry.forwarded() && port > 0) {
            addresses.stream()
                    .filter(address -> has(entry, address.family()))
                    .forEach(address -> out.add(new Pair<>(new At(address, port), entry.service())));
        }
    }

    private static boolean has(ServiceEntry entry, IpFamily family) {
        return entry.ports().stream()
                .flatMap(port -> port.frontends().stream())
                .map(Frontend::family)
                .anyMatch(family::equals);
    }

    /// What to answer there; empty when nobody asks for it.
    Optional<ServiceHealth> at(At at) {
        return wanted.at(at).stream()
                .findFirst()
                .flatMap(entries::find)
                .map(entry -> ServiceHealth.of(entry, at.address().family()));
    }
}
