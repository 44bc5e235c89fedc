package dev.fairway.bench;

import dev.fairway.address.IpAddress;
import dev.fairway.table.Backend;
import dev.fairway.table.Balancing;
import dev.fairway.table.Frontend;
import dev.fairway.table.NameEntry;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.SessionAffinity;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;

/// The one Service to which traffic goes.
final class ServiceUnderTest {

    static final ServiceName NAME = new ServiceName("bench", "under-test");
    static final IpAddress ADDRESS = IpAddress.parse("10.111.0.1");
    static final int PORT = 80;
    static final int TARGET_PORT = 8080;

    private ServiceUnderTest() {}

    static InetSocketAddress socketAddress() {
        return new InetSocketAddress(ADDRESS.toInetAddress(), PORT);
    }

    static ServiceEntry entry(Protocol protocol, Collection<IpAddress> endpoints) {
        List<Backend> backends = endpoints.stream()
                .sorted()
                .map(address -> new Backend(address, TARGET_PORT, false))
                .toList();
        PortEntry port =
                new PortEntry("", protocol, PORT, List.of(new Frontend.ClusterIp(ADDRESS, PORT)), backends);
        return new ServiceEntry(
                NAME,
                new NameEntry.Addresses(List.of(ADDRESS)),
                List.of(port),
                Balancing.RANDOM,
                SessionAffinity.NONE,
                true);
    }
}
