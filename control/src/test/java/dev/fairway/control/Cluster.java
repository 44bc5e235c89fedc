package dev.fairway.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.Cidr;
import dev.fairway.control.loadbalancer.TableProvider;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.schema.client.Mirror;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.node.ObjectNode;

/// Controllers at work on an API in memory, with nodes that run every pod at once.
final class Cluster implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    final ShiftedClock clock = new ShiftedClock();
    final Recorded api;
    private final Ground.Opened ground;
    final TableProvider provider = new TableProvider();
    final Set<String> brokenImages = ConcurrentHashMap.newKeySet();
    volatile String caText = "CA TEXT";
    private final AtomicInteger addresses = new AtomicInteger();
    private Controllers controllers;
    private final Mirror kubelet;

    Cluster(Ground kind) {
        this.ground = kind.open(clock);
        this.api = new Recorded(ground.client());
        this.controllers = startControllers();
        this.kubelet = Mirror.start(api, Resource.PODS, "", Selection.ALL, this::runPod);
    }

    private Controllers startControllers() {
        var kubernetes = new Settings.KubernetesService("10.96.0.1", List.of("198.51.100.250"), 6443);
        Settings settings = Settings.of(kubernetes, List.of("10.96.0.10"), () -> caText)
                .withServiceRanges(List.of(Cidr.parse("10.96.0.0/16")));
        return Controllers.start(api.beside(ground.controllers()), clock, provider, settings);
    }

    void restartControllers() {
        controllers.close();
        controllers = startControllers();
    }

    /// Lets time pass.
    void pass(Duration time) {
        clock.shift(time);
        controllers.wake();
    }

    void addNode(String name, String address) {
        ObjectNode node = Json.object();
        Tree.makeObject(node, "metadata").put("name", name);
        Tree.makeObject(node, "metadata", "labels").put("topology.kubernetes.io/zone", "zone-" + name);
        ObjectNode status = Tree.makeObject(node, "status");
        status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
        status.putArray("addresses").addObject().put("type", "ExternalIP").put("address", address);
        Resource nodes = Resource.NODES;
        assertThat(api.create(nodes, node)).isNotNull();
    }

    ObjectNode apply(Resource resource, String json) {
        ObjectNode wanted = Json.parse(json);
        makeNamespace(Meta.namespace(wanted));
        return api.get(resource, Meta.namespace(wanted), Meta.name(wanted)).isPresent()
                ? api.update(resource, wanted)
                : api.create(resource, wanted);
    }

    private void makeNamespace(String name) {
        if (!name.isEmpty() && api.get(Resource.NAMESPACES, "", name).isEmpty()) {
            try {
                apply(Resource.NAMESPACES, "{\"metadata\": {\"name\": \"%s\"}}".formatted(name));
            } catch (ApiException e) {
                // The controllers were faster.
                assertThat(e.isAlreadyExists()).isTrue();
            }
        }
    }

    void patch(Resource resource, String namespace, String name, String json) {
        assertThat(api.patch(resource, namespace, name, "", Json.parse(json))).isNotNull();
    }

    List<ObjectNode> list(Resource resource, String namespace) {
        return api.list(resource, namespace, Selection.ALL).items();
    }

    ObjectNode get(Resource resource, String namespace, String name) {
        return api.get(resource, namespace, name)
                .orElseThrow(() -> new AssertionError("missing " + resource.plural() + " " + namespace + "/" + name));
    }

    List<String> events(String reason) {
        return list(Resource.EVENTS, "").stream()
                .filter(event -> Tree.text(event, "reason").equals(reason))
                .map(event -> Tree.text(event, "message"))
                .toList();
    }

    void until(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plus(LIMIT);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now())
                    .as("waited too long until %s; problems: %s", what, controllers.problems())
                    .isBefore(end);
            pauseMillis(5);
        }
    }

    /// The same while time passes, a second at each look: whoever plans something for later may do so after the look.
    void untilLater(String what, BooleanSupplier condition) {
        until(what, () -> {
            pass(Duration.ofSeconds(1));
            return condition.getAsBoolean();
        });
    }

    /// Nothing is written for a while.
    void untilQuiet() {
        int writes;
        do {
            writes = api.calls().size();
            pauseMillis(150);
        } while (writes != api.calls().size());
    }

    private static void pauseMillis(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void runPod(ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        try {
            now.filter(pod -> Tree.has(pod, "spec", "nodeName")).ifPresent(this::runPod);
        } catch (ApiException e) {
            // The pod has changed since: another call follows.
            assertThat(e.code()).isIn(404, 409);
        }
    }

    private void runPod(ObjectNode pod) {
        if (Meta.isBeingDeleted(pod)) {
            api.delete(Resource.PODS, Meta.namespace(pod), Meta.name(pod), new DeleteOptions(0, Meta.uid(pod), ""));
        } else if (!Tree.has(pod, "status", "podIP")) {
            ObjectNode running = pod.deepCopy();
            String image = Tree.text(Tree.objects(pod, "spec", "containers").getFirst(), "image");
            String ready = brokenImages.contains(image) ? "False" : "True";
            ObjectNode status = Tree.makeObject(running, "status");
            status.put("phase", "Running").put("podIP", "10.244.0." + addresses.incrementAndGet());
            Tree.makeArray(status, "conditions")
                    .addObject()
                    .put("type", "Ready")
                    .put("status", ready)
                    .put("lastTransitionTime", clock.instant().toString());
            assertThat(api.updateStatus(Resource.PODS, running)).isNotNull();
        }
    }

    @Override
    public void close() {
        controllers.close();
        kubelet.close();
        ground.close().run();
    }
}
