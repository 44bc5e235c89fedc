package dev.fairway.control.addresses;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.schema.ClusterIpObject;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Times;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.Selection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Puts Services and IPAddress objects together again after somebody wrote or deleted IPAddress objects by hand: what
/// the server itself writes always agrees.
public final class AddressRepairController implements Controller {

    private static final Duration ORPHAN_AGE = Duration.ofSeconds(60);

    private static final Mapping SELF = Trigger.self(Resource.SERVICES).mapping();

    /// The two mirrors show one transaction at different moments.
    private static final Duration LAG = Duration.ofSeconds(1);

    /// The server writes both together: what merely stands is looked at when others have done their work.
    private static final Duration CALM = Duration.ofSeconds(30);

    private final ApiClient client;

    /// @param client for fresh reads: nothing is repaired that only looks broken in a mirror
    public AddressRepairController(ApiClient client) {
        this.client = client;
    }

    @Override
    public String name() {
        return "ipallocator-repair-controller";
    }

    @Override
    public List<Trigger> triggers() {
        return List.of(
                new Trigger(Resource.SERVICES, when(false, SELF), LAG),
                new Trigger(Resource.SERVICES, when(true, SELF), CALM),
                new Trigger(Resource.IP_ADDRESSES, when(false, AddressRepairController::affected), LAG),
                new Trigger(Resource.IP_ADDRESSES, when(true, AddressRepairController::affected), CALM),
                Trigger.readOnly(Resource.SERVICE_CIDRS));
    }

    /// Only what is as it was, as at a resync, or only what has come, changed or gone.
    private static Mapping when(boolean calm, Mapping mapping) {
        return (snapshot, key, before, now) ->
                isCalm(before, now) == calm ? mapping.keys(snapshot, key, before, now) : List.of();
    }

    private static boolean isCalm(Optional<ObjectNode> before, Optional<ObjectNode> now) {
        return now.isPresent()
                && before.filter(old -> Meta.resourceVersion(old).equals(Meta.resourceVersion(now.get())))
                        .isPresent();
    }

    private static List<WorkKey> affected(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        List<WorkKey> out = new ArrayList<>();
        now.filter(ClusterIpObject::isManaged).ifPresent(_ -> out.add(WorkKey.of(Resource.IP_ADDRESSES, key)));
        before.flatMap(ClusterIpObject::service)
                .filter(_ -> now.isEmpty())
                .ifPresent(service -> out.add(WorkKey.of(Resource.SERVICES, service)));
        return out;
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        return snapshot.get(key)
                .map(object -> key.resource().equals(Resource.SERVICES)
                        ? service(snapshot, object)
                        : address(snapshot, object, now))
                .orElse(Decision.NOTHING);
    }

    private Decision service(Snapshot snapshot, ObjectNode service) {
        boolean fine = clusterIps(service).stream()
                .allMatch(ip -> snapshot.get(Resource.IP_ADDRESSES, "", ip)
                        .filter(address -> belongs(address, service, ip))
                        .isPresent());
        return fine
                ? Decision.NOTHING
                : Decision.of(
                        "an address and its Service do not agree",
                        Write.Outside.of("read the addresses of Service " + Meta.key(service), () -> repair(service)));
    }

    private List<Write> repair(ObjectNode seen) {
        List<Cidr> blocks = client.list(Resource.SERVICE_CIDRS, "", Selection.ALL).items().stream()
                .flatMap(range -> ServiceBlocks.of(range).stream())
                .toList();
        List<Write> out = new ArrayList<>();
        for (String ip : clusterIps(seen)) {
            Optional<ObjectNode> address = client.get(Resource.IP_ADDRESSES, "", ip);
            out.addAll(repair(seen, ip, address, blocks));
        }
        // Both reads count only if the Service stayed the same between them.
        boolean stable = read(Meta.key(seen))
                .filter(now -> Meta.resourceVersion(now).equals(Meta.resourceVersion(seen)))
                .isPresent();
        return stable ? out : List.of();
    }

    private List<Write> repair(ObjectNode service, String ip, Optional<ObjectNode> address, List<Cidr> blocks) {
        Optional<IpAddress> parsed = IpAddress.tryParse(ip);
        if (parsed.isEmpty()) {
            return List.of(says(
                    service, "ClusterIPNotValid", "Cluster IP " + ip + " is not a valid IP; please recreate Service"));
        }
        String family = parsed.get().family().apiName();
        String which = "Cluster IP [" + family + "]: " + ip;
        if (!blocks.isEmpty() && !ServiceBlocks.cover(blocks, ip)) {
            String text = which + " is not within any configured Service CIDR; please recreate service";
            return List.of(says(service, "ClusterIPOutOfRange", text));
        }
        if (address.filter(found -> belongs(found, service, ip)).isPresent()) {
            return List.of();
        }
        Optional<ObjectKey> other = address.flatMap(ClusterIpObject::service)
                .filter(key -> !key.equals(Meta.key(service)))
                .filter(key ->
                        read(key).filter(it -> clusterIps(it).contains(ip)).isPresent());
        if (other.isPresent()) {
            String text = which + " was assigned to other Service " + other.get() + "; please recreate";
            return List.of(says(service, "ClusterIPAlreadyAllocated", text));
        }
        List<Write> out = new ArrayList<>();
        out.add(says(service, "ClusterIPNotAllocated", which + " is not allocated; repairing"));
        address.ifPresent(wrong -> out.add(Write.Delete.of(Resource.IP_ADDRESSES, wrong)));
        out.add(Write.Create.of(Resource.IP_ADDRESSES, ClusterIpObject.of(ip, family, Meta.key(service))));
        return out;
    }

    /// An address whose Service does not have it is given back after a while.
    private Decision address(Snapshot snapshot, ObjectNode address, Instant now) {
        boolean used = ClusterIpObject.service(address)
                .flatMap(key -> snapshot.get(Resource.SERVICES, key.namespace(), key.name()))
                .filter(service -> clusterIps(service).contains(Meta.name(address)))
                .isPresent();
        if (!ClusterIpObject.isManaged(address) || used) {
            return Decision.NOTHING;
        }
        Duration age = Duration.between(Times.created(address), now);
        if (age.compareTo(ORPHAN_AGE) < 0) {
            return Decision.NOTHING.againAfter(ORPHAN_AGE.minus(age));
        }
        return Decision.of(
                "the address belongs to nobody",
                Write.Outside.of("look for the Service of address " + Meta.name(address), () -> giveBack(address)));
    }

    private List<Write> giveBack(ObjectNode address) {
        boolean used = ClusterIpObject.service(address)
                .flatMap(this::read)
                .filter(service -> clusterIps(service).contains(Meta.name(address)))
                .isPresent();
        return used ? List.of() : List.of(Write.Delete.of(Resource.IP_ADDRESSES, address));
    }

    private Optional<ObjectNode> read(ObjectKey service) {
        return client.get(Resource.SERVICES, service.namespace(), service.name());
    }

    private static boolean belongs(ObjectNode address, ObjectNode service, String ip) {
        String family =
                IpAddress.tryParse(ip).map(parsed -> parsed.family().apiName()).orElse("");
        return ClusterIpObject.service(address)
                        .filter(Meta.key(service)::equals)
                        .isPresent()
                && ClusterIpObject.isManaged(address)
                && Meta.labels(address)
                        .getOrDefault(ClusterIpObject.FAMILY_LABEL, "")
                        .equals(family);
    }

    private static List<String> clusterIps(JsonNode service) {
        return Tree.texts(service, "spec", "clusterIPs").stream()
                .filter(ip -> !ip.equals("None"))
                .toList();
    }

    private static Write says(ObjectNode service, String reason, String text) {
        return new Write.Announce(Resource.SERVICES, service, true, reason, text);
    }
}
