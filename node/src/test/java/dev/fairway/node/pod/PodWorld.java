package dev.fairway.node.pod;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Rtnetlink;
import dev.fairway.kernel.Sysctl;
import dev.fairway.node.pod.PodFiles.ClusterDns;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Quantity;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.schema.memory.MemoryApi;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/// A node in a network namespace of its own, with a bridge, an API in memory and a pod runtime.
final class PodWorld implements AutoCloseable {

    static final List<Cidr> BLOCKS = List.of(Cidr.parse("10.244.7.0/24"), Cidr.parse("fd00:10:244:7::/64"));
    private static final long PATIENCE_MILLIS = 15_000;

    final MemoryApi api = new MemoryApi();
    final String cluster =
            "fwt-" + Integer.toHexString(ThreadLocalRandom.current().nextInt());
    final NetworkNamespace node;
    private final Path state;
    private PodRuntime runtime;

    PodWorld(Path state) {
        this.state = state;
        this.node = NetworkNamespace.create(cluster + "-node-1");
        try (Rtnetlink links = Rtnetlink.open(node)) {
            links.setUp("lo");
            links.addBridge("pods");
            links.setUp("pods");
            for (Cidr block : BLOCKS) {
                links.addAddress("pods", block.at(1), block.prefix());
            }
        }
        Sysctl.write(node, "net.ipv4.ip_forward", "1");
        Sysctl.write(node, "net.ipv6.conf.all.forwarding", "1");
        this.runtime = start();
    }

    private PodRuntime start() {
        return PodRuntime.start(
                settings(cluster, node, state),
                api,
                Clock.systemUTC(),
                () -> api.list(Resource.SERVICES, "", Selection.ALL).items());
    }

    static PodRuntime.Settings settings(String cluster, NetworkNamespace node, Path state) {
        return new PodRuntime.Settings(
                cluster,
                "node-1",
                node,
                "pods",
                BLOCKS,
                List.of(IpAddress.parse("172.31.0.1"), IpAddress.parse("fd00:172:31::1")),
                new ClusterDns(List.of(IpAddress.parse("10.96.0.10")), "cluster.local", "nameserver 192.0.2.1\n"),
                ImageMap.of(Map.of("nginx", "fairway.dev/echo")),
                Map.of("cpu", Quantity.of(2), "memory", Quantity.of(1L << 30)),
                state);
    }

    PodRuntime runtime() {
        return runtime;
    }

    /// The agent is started again; in between its pods are ended or left.
    void restart(boolean keepPods) {
        runtime.close(keepPods);
        runtime = start();
    }

    /// Creates a pod on the node from the YAML-like JSON of its spec.
    ObjectNode create(String name, String spec) {
        ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
        pod.putObject("metadata").put("name", name).put("namespace", "default");
        pod.set("spec", Json.parse(spec.replace('\'', '"')));
        Tree.makeObject(pod, "spec").put("nodeName", "node-1");
        return api.create(Resource.PODS, pod);
    }

    void delete(String name, long graceSeconds) {
        api.delete(Resource.PODS, "default", name, new DeleteOptions(graceSeconds, "", ""));
    }

    ObjectNode awaitRunning(String name) {
        return await(name, pod -> Tree.text(pod, "status", "phase").equals("Running") && isReady(pod));
    }

    static boolean isReady(ObjectNode pod) {
        return condition(pod, "Ready").equals("True");
    }

    static String condition(ObjectNode pod, String type) {
        return Tree.objects(pod, "status", "conditions").stream()
                .filter(condition -> Tree.text(condition, "type").equals(type))
                .map(condition -> Tree.text(condition, "status"))
                .findFirst()
                .orElse("");
    }

    static ObjectNode container(ObjectNode pod) {
        List<ObjectNode> all = Tree.objects(pod, "status", "containerStatuses");
        return all.isEmpty() ? Json.object() : all.getFirst();
    }

    static List<String> ips(ObjectNode pod) {
        return Tree.objects(pod, "status", "podIPs").stream()
                .map(entry -> Tree.text(entry, "ip"))
                .toList();
    }

    ObjectNode await(String name, Predicate<ObjectNode> wanted) {
        long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        Optional<ObjectNode> pod = api.get(Resource.PODS, "default", name);
        while (pod.filter(wanted).isEmpty()) {
            if (System.currentTimeMillis() > end) {
                throw new AssertionError("pod never got there: "
                        + pod.map(Json::toPrettyText).orElse("it does not exist") + "\n" + events());
            }
            sleep();
            pod = api.get(Resource.PODS, "default", name);
        }
        return pod.get();
    }

    void awaitGone(String name) {
        long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (api.get(Resource.PODS, "default", name).isPresent()) {
            if (System.currentTimeMillis() > end) {
                throw new AssertionError("pod " + name + " is still there");
            }
            sleep();
        }
    }

    static void sleep() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// `REASON MESSAGE` of all events.
    List<String> events() {
        return api.list(Resource.EVENTS, "", Selection.ALL).items().stream()
                .map(event -> Tree.text(event, "reason") + " " + Tree.text(event, "message"))
                .toList();
    }

    /// Namespaces of this cluster's pods.
    List<String> podNamespaces() {
        return NetworkNamespace.list().stream()
                .filter(name -> name.startsWith(cluster + "-pod-"))
                .toList();
    }

    String namespaceOf(ObjectNode pod) {
        return cluster + "-pod-"
                + Meta.uid(pod).substring(0, Math.min(13, Meta.uid(pod).length()));
    }

    /// One HTTP request from a namespace; the whole answer.
    static String get(NetworkNamespace from, String ip, int port) throws IOException {
        try (SocketChannel socket = from.call(() -> SocketChannel.open())) {
            socket.socket().connect(new InetSocketAddress(IpAddress.parse(ip).toInetAddress(), port), 3000);
            socket.socket().setSoTimeout(3000);
            socket.socket()
                    .getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.socket().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        runtime.close();
        podNamespaces().forEach(name -> NetworkNamespace.find(name).ifPresent(NetworkNamespace::delete));
        node.delete();
    }
}
