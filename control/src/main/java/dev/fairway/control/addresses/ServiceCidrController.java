package dev.fairway.control.addresses;

import dev.fairway.address.Cidr;
import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Conditions;
import dev.fairway.schema.Json;
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
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The life of ServiceCIDRs (KEP-1880): makes the default one, says that they are ready, and lets one go only when no
/// address would be without a block.
public final class ServiceCidrController implements Controller {

    static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";

    /// Time for allocators on other servers to hear of the deletion.
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final WorkKey DEFAULT = new WorkKey(Resource.SERVICE_CIDRS, "", "kubernetes");
    private static final String IN_USE =
            "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR";

    private final ApiClient client;
    private final List<String> wanted;

    /// @param client for fresh lists only: mirrors may lag behind the last address
    /// @param ranges the blocks that the default object has, the primary family first; empty for no such object
    public ServiceCidrController(ApiClient client, List<Cidr> ranges) {
        this.client = client;
        this.wanted = ranges.stream().map(Cidr::toString).toList();
    }

    @Override
    public String name() {
        return "service-cidr-controller";
    }

    @Override
    public List<Trigger> triggers() {
        return List.of(
                new Trigger(Resource.SERVICE_CIDRS, ServiceCidrController::withNeighbours),
                new Trigger(Resource.IP_ADDRESSES, ServiceCidrController::waiting));
    }

    @Override
    public List<WorkKey> fixedKeys() {
        return wanted.isEmpty() ? List.of() : List.of(DEFAULT);
    }

    /// A block that comes or goes may free another one, or bind it.
    private static List<WorkKey> withNeighbours(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        List<WorkKey> out = new ArrayList<>(List.of(WorkKey.of(Resource.SERVICE_CIDRS, key)));
        snapshot.list(Resource.SERVICE_CIDRS, "").stream()
                .filter(Meta::isBeingDeleted)
                .forEach(range -> out.add(WorkKey.of(Resource.SERVICE_CIDRS, range)));
        return out;
    }

    /// The blocks that wait until this address has gone.
    private static List<WorkKey> waiting(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        return now.isPresent()
                ? List.of()
                : snapshot.list(Resource.SERVICE_CIDRS, "").stream()
                        .filter(Meta::isBeingDeleted)
                        .map(range -> WorkKey.of(Resource.SERVICE_CIDRS, range))
                        .toList();
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        Optional<ObjectNode> range = snapshot.get(key);
        if (range.isEmpty()) {
            return key.equals(DEFAULT) && !wanted.isEmpty()
                    ? Decision.of(
                            "the default block is missing", Write.Create.of(Resource.SERVICE_CIDRS, defaultRange(now)))
                    : Decision.NOTHING;
        }
        return Meta.isBeingDeleted(range.get())
                ? ending(snapshot, range.get(), now)
                : standing(range.get(), key.equals(DEFAULT), now);
    }

    /// Ready from its first moment: without it no Service could have an address.
    private ObjectNode defaultRange(Instant now) {
        ObjectNode out = Json.object();
        Tree.makeObject(out, "metadata").put("name", DEFAULT.name());
        finalizers(out).add(FINALIZER);
        setBlocks(out, wanted);
        Conditions.set(out, ready(now));
        return out;
    }

    private Decision standing(ObjectNode range, boolean isDefault, Instant now) {
        ObjectNode changed = range.deepCopy();
        if (!holds(range)) {
            finalizers(changed).add(FINALIZER);
        }
        List<String> blocks = Tree.texts(range, "spec", "cidrs");
        boolean grows = isDefault
                && blocks.size() == 1
                && wanted.size() == 2
                && wanted.getFirst().equals(blocks.getFirst());
        if (grows) {
            setBlocks(changed, wanted);
        }
        if (!changed.equals(range)) {
            return Decision.of(
                    "the block is new, or gets a second family", new Write.Update(Resource.SERVICE_CIDRS, changed));
        }
        List<Write> writes = new ArrayList<>();
        if (!Conditions.isTrue(range, "Ready")) {
            Conditions.set(changed, ready(now));
            writes.add(new Write.UpdateStatus(Resource.SERVICE_CIDRS, changed));
        }
        if (isDefault && !wanted.isEmpty() && !wanted.equals(blocks)) {
            String text = "the ServiceCIDR has " + String.join(", ", blocks) + ", the server was started with "
                    + String.join(", ", wanted) + ": the ServiceCIDR counts";
            writes.add(new Write.Announce(Resource.SERVICE_CIDRS, range, true, "KubernetesServiceCIDRError", text));
        }
        return Decision.of("the block may be used", writes);
    }

    private Decision ending(Snapshot snapshot, ObjectNode range, Instant now) {
        if (!holds(range)) {
            return Decision.NOTHING;
        }
        if (isLastHome(range, snapshot.list(Resource.SERVICE_CIDRS, ""), snapshot.list(Resource.IP_ADDRESSES, ""))) {
            return Decision.of("addresses are in use", notReady(range, now));
        }
        Duration waited = Times.find(range, "metadata", "deletionTimestamp")
                .map(since -> Duration.between(since, now))
                .orElse(GRACE);
        if (waited.compareTo(GRACE) < 0) {
            return Decision.NOTHING.againAfter(GRACE.minus(waited));
        }
        return Decision.of(
                "no address needs the block",
                Write.Outside.of("list the addresses of ServiceCIDR " + Meta.name(range), () -> letGo(range)));
    }

    private static List<Write> notReady(ObjectNode range, Instant now) {
        ObjectNode changed = range.deepCopy();
        Conditions.set(changed, Conditions.of("Ready", "False", "Terminating", IN_USE, now));
        return changed.equals(range) ? List.of() : List.of(new Write.UpdateStatus(Resource.SERVICE_CIDRS, changed));
    }

    private List<Write> letGo(ObjectNode range) {
        List<ObjectNode> ranges =
                client.list(Resource.SERVICE_CIDRS, "", Selection.ALL).items();
        List<ObjectNode> addresses =
                client.list(Resource.IP_ADDRESSES, "", Selection.ALL).items();
        if (isLastHome(range, ranges, addresses)) {
            return List.of();
        }
        ObjectNode changed = range.deepCopy();
        ArrayNode left = finalizers(changed);
        left.removeIf(each -> each.asString("").equals(FINALIZER));
        return List.of(new Write.Update(Resource.SERVICE_CIDRS, changed));
    }

    /// Some address lies in this block and in no other one that stays.
    private static boolean isLastHome(
            ObjectNode range, Collection<ObjectNode> ranges, Collection<ObjectNode> addresses) {
        List<Cidr> own = ServiceBlocks.of(range);
        List<Cidr> others = ranges.stream()
                .filter(other -> !Meta.isBeingDeleted(other) && !Meta.uid(other).equals(Meta.uid(range)))
                .flatMap(other -> ServiceBlocks.of(other).stream())
                .toList();
        return addresses.stream()
                .map(Meta::name)
                .anyMatch(address -> ServiceBlocks.cover(own, address) && !ServiceBlocks.cover(others, address));
    }

    private static ObjectNode ready(Instant now) {
        return Conditions.of("Ready", "True", "", "Kubernetes Service CIDR is ready", now);
    }

    private static boolean holds(ObjectNode range) {
        return Tree.texts(range, "metadata", "finalizers").contains(FINALIZER);
    }

    private static ArrayNode finalizers(ObjectNode range) {
        return Tree.makeArray(Tree.makeObject(range, "metadata"), "finalizers");
    }

    private static void setBlocks(ObjectNode range, List<String> blocks) {
        ArrayNode list = Tree.makeObject(range, "spec").putArray("cidrs");
        blocks.forEach(list::add);
    }
}
