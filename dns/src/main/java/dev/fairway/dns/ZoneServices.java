package dev.fairway.dns;

import dev.fairway.address.IpAddress;
import dev.fairway.table.PersistentMap;
import dev.fairway.table.PersistentMultimap;
import dev.fairway.table.PersistentMultimap.Pair;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a zone has of the Services. The next one shares with it all but what belongs to the Services that changed, and
/// costs what these cost.
///
/// @param entries those of the table
/// @param zones the compiled names of each
/// @param pointers the names of an address
/// @param homes the namespaces that have a Service of a name
record ZoneServices(
        PersistentMap<ServiceName, ServiceEntry> entries,
        PersistentMap<ServiceName, ServiceZone> zones,
        PersistentMultimap<IpAddress, DnsName> pointers,
        PersistentMultimap<String, String> homes) {

    static final ZoneServices NONE = new ZoneServices(
            PersistentMap.empty(), PersistentMap.empty(), PersistentMultimap.empty(), PersistentMultimap.empty());

    /// @param domain the cluster's, in which the Services have their names
    ZoneServices next(PersistentMap<ServiceName, ServiceEntry> now, DnsName domain) {
        Map<ServiceName, Optional<ServiceZone>> changed = new TreeMap<>();
        entries.differences(
                now,
                ServiceEntry::equals,
                (service, _, is) ->
                        changed.put(service, is.map(entry -> ServiceZone.of(base(domain, service), entry))));
        return changed.isEmpty()
                ? new ZoneServices(now, zones, pointers, homes)
                : new ZoneServices(now, zones.withAll(changed), pointers(changed), homes(changed));
    }

    private static DnsName base(DnsName domain, ServiceName service) {
        return domain.child("svc").child(service.namespace()).child(service.name());
    }

    private PersistentMultimap<IpAddress, DnsName> pointers(Map<ServiceName, Optional<ServiceZone>> changed) {
        List<Pair<IpAddress, DnsName>> gone = new ArrayList<>();
        List<Pair<IpAddress, DnsName>> come = new ArrayList<>();
        changed.forEach((service, now) -> {
            zones.find(service).ifPresent(was -> addPointers(was, gone));
            now.ifPresent(is -> addPointers(is, come));
        });
        return pointers.with(gone, come);
    }

    private static void addPointers(ServiceZone zone, List<Pair<IpAddress, DnsName>> out) {
        zone.pointers().forEach((address, name) -> out.add(new Pair<>(address, name)));
    }

    private PersistentMultimap<String, String> homes(Map<ServiceName, Optional<ServiceZone>> changed) {
        List<Pair<String, String>> gone = new ArrayList<>();
        List<Pair<String, String>> come = new ArrayList<>();
        changed.forEach((service, now) -> {
            Pair<String, String> home = new Pair<>(service.name(), service.namespace());
            (now.isPresent() ? come : gone).add(home);
        });
        return homes.with(gone, come);
    }
}
