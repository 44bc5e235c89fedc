package dev.fairway.dns;

import dev.fairway.address.IpAddress;
import dev.fairway.table.NameEntry;
import dev.fairway.table.NameEntry.HeadlessEndpoint;
import dev.fairway.table.NameEntry.NamedPort;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All names of one Service, compiled once when its entry changes.
///
/// @param entry the entry it was compiled from
/// @param records by owner name, in answer order; a name with an empty list exists and has nothing (empty
///     non-terminal, RFC 8020). No names at all: a headless Service without ready endpoints
/// @param pointers reverse records
record ServiceZone(ServiceEntry entry, Map<DnsName, List<ResourceRecord>> records, Map<IpAddress, DnsName> pointers) {

    private static final int TTL = ZoneSettings.TTL_SECONDS;

    ServiceZone {
        records = Map.copyOf(records);
        pointers = Map.copyOf(pointers);
    }

    /// @param base the Service's own name
    static ServiceZone of(DnsName base, ServiceEntry entry) {
        Builder builder = new Builder(base, entry);
        switch (entry.name()) {
            case NameEntry.Addresses(List<IpAddress> addresses) -> builder.addresses(addresses);
            case NameEntry.Headless(List<HeadlessEndpoint> endpoints) -> builder.headless(endpoints);
            case NameEntry.Alias(String target) -> builder.alias(target);
        }
        Map<DnsName, List<ResourceRecord>> frozen = new HashMap<>();
        builder.records.forEach((name, list) -> frozen.put(name, List.copyOf(list)));
        return new ServiceZone(entry, frozen, builder.pointers);
    }

    /// A Service with an address of its own behind which nobody answers.
    boolean isIdle() {
        return entry.forwarded()
                && entry.name() instanceof NameEntry.Addresses
                && !entry.ports().isEmpty()
                && entry.ports().stream().allMatch(port -> port.backends().isEmpty());
    }

    /// The label that names an endpoint: its hostname, or its address with dashes. A last dash is no host name.
    static String label(HeadlessEndpoint endpoint) {
        if (!endpoint.hostname().isEmpty()) {
            return endpoint.hostname();
        }
        String dashed = endpoint.address().toString().replace('.', '-').replace(':', '-');
        return dashed.endsWith("-") ? dashed + "0" : dashed;
    }

    private static final class Builder {

        private final DnsName base;
        private final ServiceEntry entry;
        private final Map<DnsName, Set<ResourceRecord>> records = new LinkedHashMap<>();
        private final Map<IpAddress, DnsName> pointers = new HashMap<>();

        Builder(DnsName base, ServiceEntry entry) {
            this.base = base;
            this.entry = entry;
        }

        void addresses(List<IpAddress> addresses) {
            exists(base);
            for (IpAddress address : addresses) {
                add(ResourceRecord.address(base, TTL, address));
                pointers.put(address, base);
            }
            List<Target> targets = entry.ports().stream()
                    .map(port -> new Target(port.name(), port.protocol(), port.port(), base))
                    .toList();
            services(targets);
        }

        void headless(List<HeadlessEndpoint> endpoints) {
            Set<Target> targets = new LinkedHashSet<>();
            for (HeadlessEndpoint endpoint : endpoints) {
                Optional<DnsName> name = child(base, label(endpoint));
                add(ResourceRecord.address(base, TTL, endpoint.address()));
                name.ifPresent(own -> {
                    add(ResourceRecord.address(own, TTL, endpoint.address()));
                    pointers.put(endpoint.address(), own);
                });
                DnsName target = name.orElse(base);
                for (NamedPort port : endpoint.ports()) {
                    targets.add(new Target(port.name(), port.protocol(), port.port(), target));
                }
            }
            services(List.copyOf(targets));
        }

        /// An alias that is no name has no records; the API server lets none in.
        void alias(String target) {
            exists(base);
            DnsName.tryParse(target)
                    .ifPresent(name -> add(ResourceRecord.of(base, RecordType.CNAME, TTL, new Rdata.Pointer(name))));
        }

        private record Target(String portName, Protocol protocol, int port, DnsName host) {}

        /// SRV records of the named ports, and all of them at the Service's own name.
        private void services(List<Target> targets) {
            Map<DnsName, List<Target>> byOwner = new LinkedHashMap<>();
            for (Target target : targets) {
                byOwner.computeIfAbsent(base, _ -> new ArrayList<>()).add(target);
                child(base, "_" + target.protocol().label()).ifPresent(protocol -> {
                    Optional<DnsName> owner =
                            target.portName().isEmpty() ? Optional.empty() : child(protocol, "_" + target.portName());
                    owner.ifPresent(name -> {
                        exists(protocol);
                        byOwner.computeIfAbsent(name, _ -> new ArrayList<>()).add(target);
                    });
                });
            }
            byOwner.forEach((owner, group) -> {
                int weight = Math.max(1, 100 / group.size());
                group.forEach(target -> add(ResourceRecord.of(
                        owner, RecordType.SRV, TTL, new Rdata.Srv(0, weight, target.port(), target.host()))));
            });
        }

        private void exists(DnsName name) {
            records.computeIfAbsent(name, _ -> new LinkedHashSet<>());
        }

        private void add(ResourceRecord added) {
            records.computeIfAbsent(added.name(), _ -> new LinkedHashSet<>()).add(added);
        }

        /// Empty when the name would be too long for DNS: then nobody can ask for it.
        private static Optional<DnsName> child(DnsName parent, String labels) {
            try {
                DnsName name = parent;
                String[] parts = labels.split("\\.", -1);
                for (int i = parts.length - 1; i >= 0; i--) {
                    name = name.child(parts[i]);
                }
                return Optional.of(name);
            } catch (IllegalArgumentException tooLong) {
                return Optional.empty();
            }
        }
    }
}
