package dev.fairway.api.kind;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Takes and gives back what a Service owns: addresses and ports (upstream `registry/core/service/storage/alloc.go`).
/// Takes only the difference between the old Service and the new; everything is part of the Service's own transaction,
/// so a refusal that follows leaves nothing behind.
final class ServiceAllocation {

    private final ClusterIpAllocator addresses;
    private final ServicePortAllocation ports;

    ServiceAllocation(ServiceRanges ranges) {
        this.addresses = new ClusterIpAllocator(ranges);
        this.ports = new ServicePortAllocation(ranges);
    }

    /// Fills `now` in place.
    ///
    /// @throws ApiException 422 for an explicit value that cannot be had, 500 for a full range
    void create(WriteScope scope, ObjectNode now) {
        Claims claims = Claims.of(scope, now);
        allAddresses(claims, now);
        ports.create(claims, now);
    }

    /// Fills `now` in place. What the old Service alone had is given back.
    ///
    /// @param settled families and addresses stay as they are
    /// @throws ApiException 422 for an explicit value that cannot be had, 500 for a full range
    void update(WriteScope scope, ObjectNode old, ObjectNode now, boolean settled) {
        Claims claims = Claims.of(scope, now);
        if (!settled) {
            updateAddresses(claims, old, now);
        }
        ports.update(claims, old, now);
    }

    /// Gives back what the old Service had and the new has not.
    void release(WriteScope scope, ObjectNode old, Set<String> kept) {
        Claims claims = Claims.of(scope, old);
        for (String key : ServiceFields.claimedKeys(old)) {
            if (!kept.contains(key)) {
                claims.release(key);
            }
        }
    }

    private void updateAddresses(Claims claims, ObjectNode old, ObjectNode now) {
        if (ServiceFields.isExternalName(old)) {
            allAddresses(claims, now);
            return;
        }
        boolean second = ServiceFields.families(old).size() == 1
                && ServiceFields.families(now).size() == 2;
        if (second && !ServiceFields.isHeadless(old) && !ServiceFields.isExternalName(now)) {
            addresses(claims, now, 1);
        }
    }

    private void allAddresses(Claims claims, ObjectNode now) {
        if (!ServiceFields.isExternalName(now) && !ServiceFields.isHeadless(now)) {
            addresses(claims, now, 0);
        }
    }

    /// Takes one address per family, from the family `first` on: the one that is given, or any.
    private void addresses(Claims claims, ObjectNode now, int first) {
        List<String> families = ServiceFields.families(now);
        List<String> texts = new ArrayList<>(ServiceFields.clusterIps(now));
        for (int i = first; i < families.size(); i++) {
            if (i < texts.size()) {
                exactly(claims, now, texts.get(i));
            } else {
                texts.add(any(claims, families.get(i)));
            }
        }
        ServiceFields.put(now, "clusterIPs", texts);
        if (!texts.isEmpty()) {
            ServiceFields.spec(now).put("clusterIP", texts.getFirst());
        }
    }

    private void exactly(Claims claims, ObjectNode now, String text) {
        addresses.take(claims, IpAddress.parse(text)).ifPresent(why -> {
            Causes causes = new Causes();
            causes.invalid(
                    "spec.clusterIPs", ServiceFields.clusterIps(now), "failed to allocate IP " + text + ": " + why);
            throw Causes.refusal(Resource.SERVICES, Meta.name(now), causes.list());
        });
    }

    private String any(Claims claims, String familyName) {
        IpFamily family = familyName.equals("IPv6") ? IpFamily.IPV6 : IpFamily.IPV4;
        return addresses
                .takeAny(claims, family)
                .orElseThrow(() -> Causes.internal("failed to allocate a serviceIP: range is full"))
                .toString();
    }
}
