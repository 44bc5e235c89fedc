package dev.fairway.control.loadbalancer;

import dev.fairway.address.IpAddress;
import dev.fairway.control.loadbalancer.LoadBalancerProvider.Request;
import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Gives Services of type LoadBalancer a balancer, and takes it away before they go. The finalizer comes first, so that
/// no balancer outlives its Service unseen.
public final class LoadBalancerController implements Controller {

    static final String FINALIZER = "service.kubernetes.io/load-balancer-cleanup";

    private final LoadBalancerProvider provider;

    public LoadBalancerController(LoadBalancerProvider provider) {
        this.provider = provider;
    }

    @Override
    public String name() {
        return "service-controller";
    }

    @Override
    public List<Trigger> triggers() {
        return List.of(
                Trigger.self(Resource.SERVICES), new Trigger(Resource.NODES, LoadBalancerController::balancedServices));
    }

    /// As upstream, for the sake of providers far away.
    @Override
    public RetryDelays retryDelays() {
        return new RetryDelays(Duration.ofSeconds(5), Duration.ofSeconds(300));
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        Optional<ObjectNode> found = snapshot.get(key);
        if (found.isEmpty()) {
            return releaseVanished(key);
        }
        ObjectNode service = found.get();
        boolean balanced = Tree.text(service, "spec", "type").equals("LoadBalancer");
        if (balanced && !isOurs(service)) {
            return Decision.NOTHING;
        }
        if (!balanced || Meta.isBeingDeleted(service)) {
            return hasFinalizer(service) ? release(service) : Decision.NOTHING;
        }
        return hasFinalizer(service) ? ensure(snapshot, service) : Decision.of("no finalizer", addFinalizer(service));
    }

    private boolean isOurs(JsonNode service) {
        String wanted = Tree.text(service, "spec", "loadBalancerClass");
        return wanted.isEmpty() || wanted.equals(provider.loadBalancerClass());
    }

    private Decision ensure(Snapshot snapshot, ObjectNode service) {
        Request request = BalancerRequests.of(service, snapshot.list(Resource.NODES, ""));
        List<Write> out = new ArrayList<>();
        boolean first = BalancerRequests.assigned(service).isEmpty();
        if (first) {
            out.add(say(service, "EnsuringLoadBalancer", "Ensuring load balancer"));
        }
        if (request.nodes().isEmpty()) {
            out.add(warn(service, "UnAvailableLoadBalancer", "There are no available nodes for LoadBalancer"));
        }
        out.add(new Write.Outside(
                "ensure the load balancer of " + Meta.key(service),
                () -> assign(service, provider.ensure(request).addresses()),
                failure -> List.of(warn(
                        service,
                        "SyncLoadBalancerFailed",
                        "Error syncing load balancer: failed to ensure load balancer: " + failure.getMessage()))));
        return Decision.of("the provider may not know it", out);
    }

    /// Puts the addresses into the status, if they are not there.
    private static List<Write> assign(ObjectNode service, List<IpAddress> addresses) {
        List<IpAddress> before = BalancerRequests.assigned(service);
        if (before.equals(addresses)) {
            return List.of();
        }
        ObjectNode change = Json.object();
        ArrayNode ingress = Tree.makeObject(change, "status", "loadBalancer").putArray("ingress");
        addresses.forEach(
                address -> ingress.addObject().put("ip", address.toString()).put("ipMode", "VIP"));
        Write told = before.isEmpty()
                ? say(service, "EnsuredLoadBalancer", "Ensured load balancer")
                : say(service, "UpdatedLoadBalancer", "Updated load balancer addresses to " + addresses);
        return List.of(new Write.Patch(Resource.SERVICES, Meta.key(service), "status", change), told);
    }

    private Decision release(ObjectNode service) {
        Write.Outside step = new Write.Outside(
                "release the load balancer of " + Meta.key(service),
                () -> {
                    provider.release(Meta.namespace(service), Meta.name(service), Meta.uid(service));
                    return released(service);
                },
                failure -> List.of(warn(
                        service, "DeleteLoadBalancerFailed", "Error deleting load balancer: " + failure.getMessage())));
        return Decision.of(
                "no load balancer is wanted any more",
                say(service, "DeletingLoadBalancer", "Deleting load balancer"),
                step);
    }

    /// First the addresses go from the status, which makes a newer version of the Service; then the finalizer goes.
    private static List<Write> released(ObjectNode service) {
        if (!BalancerRequests.assigned(service).isEmpty()) {
            ObjectNode change = Json.object();
            Tree.makeObject(change, "status", "loadBalancer").putNull("ingress");
            return List.of(new Write.Patch(Resource.SERVICES, Meta.key(service), "status", change));
        }
        List<String> rest = new ArrayList<>(Tree.texts(service, "metadata", "finalizers"));
        rest.remove(FINALIZER);
        return List.of(finalizers(service, rest), say(service, "DeletedLoadBalancer", "Deleted load balancer"));
    }

    /// Somebody took the finalizer away by force: whatever the provider still holds for the name is void.
    private Decision releaseVanished(WorkKey key) {
        return Decision.of("the Service is gone", Write.Outside.of("release what is left of " + key, () -> {
            provider.release(key.namespace(), key.name(), "");
            return List.of();
        }));
    }

    private static boolean hasFinalizer(JsonNode service) {
        return Tree.texts(service, "metadata", "finalizers").contains(FINALIZER);
    }

    private static Write addFinalizer(ObjectNode service) {
        List<String> all = new ArrayList<>(Tree.texts(service, "metadata", "finalizers"));
        all.add(FINALIZER);
        return finalizers(service, all);
    }

    /// The resource version makes sure that nobody else's finalizer is lost.
    private static Write finalizers(ObjectNode service, List<String> finalizers) {
        ObjectNode change = Json.object();
        ObjectNode meta = Tree.makeObject(change, "metadata");
        meta.put("resourceVersion", Meta.resourceVersion(service));
        ArrayNode list = meta.putArray("finalizers");
        finalizers.forEach(list::add);
        return new Write.Patch(Resource.SERVICES, Meta.key(service), "", change);
    }

    private static Write say(ObjectNode service, String reason, String message) {
        return new Write.Announce(Resource.SERVICES, service, false, reason, message);
    }

    private static Write warn(ObjectNode service, String reason, String message) {
        return new Write.Announce(Resource.SERVICES, service, true, reason, message);
    }

    /// All balanced Services, when a node's part in balancing changes; a heartbeat alone is nothing.
    private static List<WorkKey> balancedServices(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        var part = before.filter(BalancerRequests::takesPart).map(BalancerRequests::node);
        if (part.equals(now.filter(BalancerRequests::takesPart).map(BalancerRequests::node))) {
            return List.of();
        }
        return snapshot.list(Resource.SERVICES, "").stream()
                .filter(service -> Tree.text(service, "spec", "type").equals("LoadBalancer"))
                .map(service -> WorkKey.of(Resource.SERVICES, service))
                .toList();
    }
}
