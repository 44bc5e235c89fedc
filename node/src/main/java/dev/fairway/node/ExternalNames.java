package dev.fairway.node;

import dev.fairway.address.IpAddress;
import dev.fairway.dns.RecordType;
import dev.fairway.dns.UpstreamResolver;
import dev.fairway.dns.UpstreamResolver.Resolved;
import dev.fairway.table.ServiceName;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the addresses of the external names whose ports are translated, each asked again when its time to live is
/// over. A name that nobody can answer for keeps the addresses it had.
final class ExternalNames implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalNames.class);
    private static final Set<RecordType> TYPES = Set.of(RecordType.A, RecordType.AAAA);

    private final UpstreamResolver resolver;
    private final Consumer<Set<ServiceName>> changed;
    private final Map<String, Thread> watched = new HashMap<>();
    private final Map<String, List<IpAddress>> known = new HashMap<>();
    private SortedMap<ServiceName, String> targets = Collections.emptySortedMap();
    private volatile Map<ServiceName, List<IpAddress>> addresses = Map.of();

    /// @param changed hears which Services' external names resolve to other addresses now
    ExternalNames(UpstreamResolver resolver, Consumer<Set<ServiceName>> changed) {
        this.resolver = resolver;
        this.changed = changed;
    }

    /// These names are wanted from now on, and no others.
    ///
    /// @param wanted never changes; mostly the same object as the time before
    synchronized void want(SortedMap<ServiceName, String> wanted) {
        if (wanted.equals(targets)) {
            return;
        }
        targets = wanted;
        Set<String> names = new HashSet<>(wanted.values());
        watched.entrySet().removeIf(entry -> {
            boolean gone = !names.contains(entry.getKey());
            if (gone) {
                entry.getValue().interrupt();
                known.remove(entry.getKey());
            }
            return gone;
        });
        names.forEach(name -> watched.computeIfAbsent(name, this::watch));
        addresses = knownAddresses();
    }

    private Thread watch(String name) {
        return Thread.ofVirtual().name("external-name-" + name).start(() -> askAgainAndAgain(name));
    }

    private void askAgainAndAgain(String name) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                long seconds = switch (resolver.resolve(name, TYPES)) {
                    case Resolved.Found(List<IpAddress> addresses, int ttlSeconds) -> {
                        found(name, addresses);
                        yield ttlSeconds;
                    }
                    case Resolved.Failed(String why, int retrySeconds) -> {
                        LOG.warn("external name {}: {}; next try in {} s", name, why, retrySeconds);
                        yield retrySeconds;
                    }
                };
                Thread.sleep(seconds * 1000);
            }
        } catch (InterruptedException unwanted) {
            Thread.currentThread().interrupt();
        }
    }

    private void found(String name, List<IpAddress> addresses) {
        Set<ServiceName> services = new TreeSet<>();
        synchronized (this) {
            if (!watched.containsKey(name) || addresses.equals(known.put(name, addresses))) {
                return;
            }
            targets.forEach((service, target) -> {
                if (target.equals(name)) {
                    services.add(service);
                }
            });
            this.addresses = knownAddresses();
        }
        changed.accept(services);
    }

    /// The addresses known by now, by Service.
    Map<ServiceName, List<IpAddress>> addresses() {
        return addresses;
    }

    private Map<ServiceName, List<IpAddress>> knownAddresses() {
        Map<ServiceName, List<IpAddress>> out = new TreeMap<>();
        targets.forEach((service, name) -> {
            List<IpAddress> found = known.get(name);
            if (found != null) {
                out.put(service, found);
            }
        });
        return Collections.unmodifiableMap(out);
    }

    @Override
    public synchronized void close() {
        watched.values().forEach(Thread::interrupt);
    }
}
