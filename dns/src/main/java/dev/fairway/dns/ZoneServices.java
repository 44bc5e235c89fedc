package dev.fairway.dns;

import dev.fairway.address.IpAddress;
import dev.fairway.dns.Groups.Member;
import dev.fairway.table.PersistentMap;
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
        Groups<IpAddress, DnsName> pointers,
        Groups<String, String> homes) {

    static final ZoneServices NONE =
            new ZoneServices(PersistentMap.empty(), PersistentMap.empty(), Groups.none(), Groups.none());

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

    /// Most changes are of endpoints and leave them as they are.
    private Groups<IpAddress, DnsName> pointers(Map<ServiceName, Optional<ServiceZone>> changed) {
        List<Member<IpAddress, DnsName>> gone = new ArrayList<>();
        List<Member<IpAddress, DnsName>> come = new ArrayList<>();
        changed.forEach((service, zone) -> {
            Map<IpAddress, DnsName> before = pointersOf(zones.find(service));
            Map<IpAddress, DnsName> now = pointersOf(zone);
            addMissing(before, now, gone);
            addMissing(now, before, come);
        });
        return pointers.with(gone, come);
    }

    private static Map<IpAddress, DnsName> pointersOf(Optional<ServiceZone> zone) {
        return zone.map(ServiceZone::pointers).orElse(Map.of());
    }

    /// Adds those of `from` that are not in `other`.
    private static void addMissing(
            Map<IpAddress, DnsName> from, Map<IpAddress, DnsName> other, List<Member<IpAddress, DnsName>> out) {
        from.forEach((address, name) -> {
            if (!name.equals(other.get(address))) {
                out.add(new Member<>(address, name));
            }
        });
    }

    /// Only Services that come or go change it.
    private Groups<String, String> homes(Map<ServiceName, Optional<ServiceZone>> changed) {
        List<Member<String, String>> gone = new ArrayList<>();
        List<Member<String, String>> come = new ArrayList<>();
        changed.forEach((service, zone) -> {
            if (zone.isPresent() != zones.containsKey(service)) {
                (zone.isPresent() ? come : gone).add(new Member<>(service.name(), service.namespace()));
            }
        });
        return homes.with(gone, come);
    }
}
