package dev.fairway.node;

import dev.fairway.address.IpFamily;
import dev.fairway.table.Frontend;
import dev.fairway.table.PersistentMap;
import dev.fairway.table.PersistentMultimap;
import dev.fairway.table.PersistentMultimap.Pair;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The Services of each node port. The next one is made of this one and costs what the Services that changed cost.
///
/// @param entries those of the table
record NodePortIndex(PersistentMap<ServiceName, ServiceEntry> entries, PersistentMultimap<At, ServiceName> services) {

    static final NodePortIndex EMPTY = new NodePortIndex(PersistentMap.empty(), PersistentMultimap.empty());

    record At(IpFamily family, Protocol protocol, int number) implements Comparable<At> {

        private static final Comparator<At> ORDER =
                Comparator.comparing(At::family).thenComparing(At::protocol).thenComparingInt(At::number);

        @Override
        public int compareTo(At other) {
            return ORDER.compare(this, other);
        }
    }

    NodePortIndex next(ServiceTable table) {
        List<Pair<At, ServiceName>> gone = new ArrayList<>();
        List<Pair<At, ServiceName>> come = new ArrayList<>();
        entries.differences(table.services(), ServiceEntry::equals, (_, was, is) -> {
            was.ifPresent(entry -> add(entry, gone));
            is.ifPresent(entry -> add(entry, come));
        });
        return new NodePortIndex(table.services(), services.with(gone, come));
    }

    private static void add(ServiceEntry entry, List<Pair<At, ServiceName>> out) {
        if (entry.forwarded()) {
            for (PortEntry port : entry.ports()) {
                for (Frontend frontend : port.frontends()) {
                    if (frontend instanceof Frontend.NodePort(IpFamily family, int number)) {
                        out.add(new Pair<>(new At(family, port.protocol(), number), entry.service()));
                    }
                }
            }
        }
    }
}
