package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import dev.fairway.table.Backend;
import dev.fairway.table.PersistentMap;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Which TCP endpoints end, since when, and which of their connections are to be closed. An immutable value; the next
/// one is made of this one and the next table, and only of the Services that changed. Pure.
///
/// An endpoint that still serves has until the Service's deadline. One that ends without serving, or is gone, belongs
/// to a dead node or a killed pod: its connections can only hang, so they are closed at once. Both only for Services
/// that ask for a deadline: for others connections stay as long as they like, as with kube-proxy.
final class Draining {

    static final Draining NONE = new Draining(ServiceTable.EMPTY, PersistentMap.empty());

    private final ServiceTable table;
    private final PersistentMap<ServiceName, Map<Endpoint, Since>> services;

    /// @param port the Service port's name
    record Endpoint(ServiceName service, String port, IpAddress address, int number) {}

    /// @param millis when it was seen to end
    /// @param serves it may still finish what it has
    private record Since(long millis, boolean serves) {}

    private Draining(ServiceTable table, PersistentMap<ServiceName, Map<Endpoint, Since>> services) {
        this.table = table;
        this.services = services;
    }

    /// @param nowMillis of a clock that only goes forward
    Draining next(ServiceTable next, long nowMillis) {
        Map<ServiceName, Optional<Map<Endpoint, Since>>> changed = new TreeMap<>();
        table.services().differences(next.services(), ServiceEntry::equals, (name, was, is) -> {
            Map<Endpoint, Since> ending = is.filter(ServiceEntry::forwarded)
                    .map(entry -> next(services.getOrDefault(name, Map.of()), was, entry, nowMillis))
                    .orElse(Map.of());
            if (!ending.isEmpty() || services.containsKey(name)) {
                changed.put(name, Optional.of(Map.copyOf(ending)).filter(it -> !it.isEmpty()));
            }
        });
        return new Draining(next, changed.isEmpty() ? services : services.withAll(changed));
    }

    private static Map<Endpoint, Since> next(
            Map<Endpoint, Since> before, Optional<ServiceEntry> was, ServiceEntry is, long nowMillis) {
        Map<Endpoint, Since> out = new HashMap<>();
        if (is.drainSeconds().isPresent()) {
            Set<Endpoint> listed = new HashSet<>(listed(is));
            Stream.concat(before.keySet().stream(), was.stream().flatMap(entry -> listed(entry).stream()))
                    .filter(endpoint -> !listed.contains(endpoint))
                    .forEach(endpoint -> out.put(endpoint, new Since(nowMillis, false)));
        }
        ending(is).forEach((endpoint, serves) -> {
            long since =
                    Optional.ofNullable(before.get(endpoint)).map(Since::millis).orElse(nowMillis);
            out.put(endpoint, new Since(since, serves));
        });
        return out;
    }

    /// Whether there is nothing to look at.
    boolean isEmpty() {
        return services.isEmpty();
    }

    /// Those that end; without those that are gone.
    Set<Endpoint> ending() {
        Set<Endpoint> out = new HashSet<>();
        services.keySet()
                .forEach(name -> table.services()
                        .find(name)
                        .ifPresent(entry -> out.addAll(ending(entry).keySet())));
        return out;
    }

    /// Those whose connections are to be closed now.
    Set<Endpoint> due(long nowMillis) {
        Set<Endpoint> out = new HashSet<>();
        services.forEach((name, endpoints) -> table.services()
                .find(name)
                .filter(entry -> entry.drainSeconds().isPresent())
                .ifPresent(entry -> endpoints.forEach((endpoint, since) -> {
                    long deadline =
                            since.serves() ? 1_000L * entry.drainSeconds().getAsInt() : 0;
                    if (nowMillis - since.millis() >= deadline) {
                        out.add(endpoint);
                    }
                })));
        return out;
    }

    /// After their connections were closed: those that are gone need no more care.
    Draining closed(Set<Endpoint> endpoints) {
        TreeMap<ServiceName, Map<Endpoint, Since>> out = new TreeMap<>();
        Set<Endpoint> ending = ending();
        services.forEach((name, all) -> {
            Map<Endpoint, Since> left = new HashMap<>(all);
            left.keySet().removeIf(endpoint -> endpoints.contains(endpoint) && !ending.contains(endpoint));
            if (!left.isEmpty()) {
                out.put(name, Map.copyOf(left));
            }
        });
        return new Draining(table, PersistentMap.copyOf(out));
    }

    /// The Service as it is in the newest table.
    Optional<ServiceEntry> service(ServiceName name) {
        return table.services().find(name);
    }

    private static Map<Endpoint, Boolean> ending(ServiceEntry entry) {
        Map<Endpoint, Boolean> out = new HashMap<>();
        for (PortEntry port : tcpPorts(entry)) {
            for (Backend backend : port.terminating()) {
                out.put(endpoint(entry, port, backend), port.serving().contains(backend));
            }
        }
        return out;
    }

    private static List<Endpoint> listed(ServiceEntry entry) {
        return tcpPorts(entry).stream()
                .flatMap(port -> Stream.of(port.serving(), port.terminating(), port.unready())
                        .flatMap(List::stream)
                        .map(backend -> endpoint(entry, port, backend)))
                .toList();
    }

    private static List<PortEntry> tcpPorts(ServiceEntry entry) {
        return entry.ports().stream()
                .filter(port -> port.protocol() == Protocol.TCP)
                .toList();
    }

    private static Endpoint endpoint(ServiceEntry entry, PortEntry port, Backend backend) {
        return new Endpoint(entry.service(), port.name(), backend.address(), backend.port());
    }
}
