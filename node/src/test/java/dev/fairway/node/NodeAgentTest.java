package dev.fairway.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Route;
import dev.fairway.kernel.Rtnetlink;
import dev.fairway.kernel.Sysctl;
import dev.fairway.node.ProxySpec.Forwarding;
import dev.fairway.node.ProxySpec.NodePortAddresses;
import dev.fairway.node.pod.ImageMap;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Programmed;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Revision;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.PodAccess.ExecOptions;
import dev.fairway.schema.client.PodAccess.PodRef;
import dev.fairway.schema.memory.MemoryApi;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// A whole node in a namespace: Services that are reached from its pods, names that resolve, health and heartbeat.
class NodeAgentTest {

    private static final IpAddress DNS = IpAddress.parse("10.96.0.10");
    private static final List<Cidr> BLOCKS = List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:10:244:1::/64"));
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path state;

    private final String cluster =
            "fwt-" + Integer.toHexString(ThreadLocalRandom.current().nextInt());
    private final MemoryApi api = new MemoryApi();
    private NetworkNamespace namespace;
    private NodeAgent agent;

    @BeforeEach
    void startNode() throws Exception {
        namespace = NetworkNamespace.create(cluster + "-node-1");
        try (Rtnetlink links = Rtnetlink.open(namespace)) {
            links.setUp("lo");
            links.addAddress("lo", DNS, 32);
            links.addBridge("int0");
            links.setUp("int0");
            links.addAddress("int0", IpAddress.parse("172.31.0.1"), 24);
            links.addRoute(Route.byDefault(IpAddress.parse("172.31.0.254"), "int0"));
            links.addBridge("pods");
            links.setUp("pods");
            for (Cidr block : BLOCKS) {
                links.addAddress("pods", block.at(1), block.prefix());
            }
        }
        Sysctl.write(namespace, "net.ipv4.ip_forward", "1");
        Sysctl.write(namespace, "net.ipv6.conf.all.forwarding", "1");
        api.create(Resource.NAMESPACES, named("v1", "Namespace", "", "default"));
        agent = NodeAgent.start(spec(), api);
        assertThat(agent.awaitReady(PATIENCE)).isTrue();
    }

    @AfterEach
    void endNode() {
        agent.close();
        namespace.delete();
    }

    private NodeSpec spec() {
        ClusterNetwork network = new ClusterNetwork(
                List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:10:244::/48")),
                List.of(Cidr.parse("10.96.0.0/16")),
                List.of(Cidr.parse("172.31.0.0/24")),
                List.of(Cidr.parse("10.97.0.0/16")),
                List.of(DNS),
                "cluster.local",
                List.of());
        return NodeSpec.of(
                cluster,
                "node-1",
                namespace,
                List.of(IpAddress.parse("172.31.0.1")),
                List.of(),
                BLOCKS,
                Forwarding.on(new NodePortAddresses.Within(List.of(Cidr.parse("0.0.0.0/0")))),
                network,
                ImageMap.EMPTY,
                state,
                Map.of("topology.kubernetes.io/zone", "east"),
                "v0.1.0");
    }

    private static ObjectNode named(String apiVersion, String kind, String space, String name) {
        ObjectNode object = Json.object().put("apiVersion", apiVersion).put("kind", kind);
        object.putObject("metadata").put("name", name);
        if (!space.isEmpty()) {
            Tree.makeObject(object, "metadata").put("namespace", space);
        }
        return object;
    }

    private ObjectNode echoPod(String name) throws InterruptedException {
        ObjectNode pod = named("v1", "Pod", "default", name);
        pod.set("spec", Json.parse("""
                {"nodeName":"node-1","containers":[{"name":"web","image":"fairway.dev/echo"}]}"""));
        api.create(Resource.PODS, pod);
        for (int i = 0; i < 500; i++) {
            ObjectNode now = api.get(Resource.PODS, "default", name).orElseThrow();
            if (Tree.text(now, "status", "phase").equals("Running")) {
                return now;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("pod " + name + " does not run");
    }

    private void service(String clusterIp, ObjectNode... pods) {
        ObjectNode service = named("v1", "Service", "default", "web");
        service.set("spec", Json.parse("""
                {"type":"ClusterIP","clusterIP":"%1$s","clusterIPs":["%1$s"],"ipFamilies":["IPv4"],
                 "ports":[{"port":8080,"protocol":"TCP","targetPort":80}]}""".formatted(clusterIp)));
        api.create(Resource.SERVICES, service);
        ObjectNode slice = named("discovery.k8s.io/v1", "EndpointSlice", "default", "web-1");
        Tree.makeObject(slice, "metadata", "labels").put("kubernetes.io/service-name", "web");
        slice.put("addressType", "IPv4");
        slice.putArray("ports").addObject().put("name", "").put("port", 80).put("protocol", "TCP");
        var endpoints = slice.putArray("endpoints");
        for (ObjectNode pod : pods) {
            ObjectNode endpoint = endpoints.addObject();
            endpoint.putArray("addresses").add(Tree.text(pod, "status", "podIP"));
            endpoint.putObject("conditions").put("ready", true);
            endpoint.put("nodeName", "node-1");
        }
        api.create(Resource.ENDPOINT_SLICES, slice);
    }

    private boolean hasBackend() {
        return agent.table().services().values().stream()
                .flatMap(service -> service.ports().stream())
                .anyMatch(port -> !port.backends().isEmpty());
    }

    @Test
    void serviceIsReachedFromPodsAndTheNodeByAddressAndByName() throws Exception {
        ObjectNode server = echoPod("server");
        ObjectNode client = echoPod("client");
        long before = agent.table().revision();
        service("10.96.0.77", server);
        for (int i = 0; i < 500 && !hasBackend(); i++) { // both objects may come in two tables
            Thread.sleep(10);
        }
        assertThat(agent.table().revision()).isGreaterThan(before);
        assertThat(agent.awaitReady(PATIENCE)).isTrue();

        assertThat(curl(client, "http://10.96.0.77:8080/")).contains("pod=server\n");
        assertThat(curl(client, "http://web:8080/")).contains("pod=server\n");
        assertThat(curl(server, "http://web.default.svc.cluster.local:8080/"))
                .as("a pod reaches itself behind its Service")
                .contains("pod=server\n");
        assertThat(get("http://10.96.0.77:8080/")).contains("pod=server\n");
    }

    private String curl(ObjectNode pod, String url) throws IOException, InterruptedException {
        PodRef ref = new PodRef("default", Tree.text(pod, "metadata", "name"), "", "");
        try (var session =
                agent.exec(ref, new ExecOptions(List.of("curl", "-sS", "-m", "5", url), false, true, true, false))) {
            String out = new String(session.output().readAllBytes(), StandardCharsets.UTF_8);
            String errors = new String(session.errors().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(session.waitFor()).as(errors).isZero();
            return out;
        }
    }

    @Test
    void theLeaseTellsWhatIsInTheKernelWhenSomebodyWaits() throws Exception {
        service("10.96.0.78");
        long revision = Revision.of(Meta.resourceVersion(
                api.get(Resource.SERVICES, "default", "web").orElseThrow()));
        long told = 0;
        for (int i = 0; i < 300 && told < revision; i++) { // less than the period of the heartbeat
            Thread.sleep(10);
            told = api.get(Resource.LEASES, NodeObject.LEASE_NAMESPACE, "node-1")
                    .map(lease -> Revision.of(Meta.annotation(lease, Programmed.REVISION)))
                    .orElse(0L);
        }
        assertThat(told).isGreaterThanOrEqualTo(revision);
    }

    /// From the node itself.
    private String get(String url) throws IOException {
        URI uri = URI.create(url);
        try (SocketChannel socket = namespace.call(() -> SocketChannel.open())) {
            socket.socket().connect(new java.net.InetSocketAddress(uri.getHost(), uri.getPort()), 3000);
            socket.socket().setSoTimeout(3000);
            String request = "GET " + uri.getPath() + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            socket.socket().getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.socket().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void loadBalancersHearThatTheNodeIsWellUntilItEnds() throws IOException {
        assertThat(get("http://172.31.0.1:10256/healthz"))
                .startsWith("HTTP/1.1 200")
                .contains("\"nodeEligible\":true");
        agent.close();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> get("http://172.31.0.1:10256/healthz")))
                .isInstanceOf(java.net.ConnectException.class);
    }

    @Test
    void theNodeMeasuresUnderTheNamesOfKubeProxy() throws Exception {
        service("10.96.0.79");
        ObjectNode slice = api.get(Resource.ENDPOINT_SLICES, "default", "web-1")
                .orElseThrow()
                .deepCopy();
        Tree.makeObject(slice, "metadata", "annotations")
                .put(PendingChanges.TRIGGER_TIME, java.time.Instant.now().toString());
        ObjectNode endpoint = ((tools.jackson.databind.node.ArrayNode) slice.get("endpoints")).addObject();
        endpoint.putArray("addresses").add("10.244.2.9");
        api.update(Resource.ENDPOINT_SLICES, slice);

        String programmed = "kubeproxy_network_programming_duration_seconds_count{ip_family=\"IPv4\"} 1\n";
        String metrics = get("http://127.0.0.1:10249/metrics");
        for (int i = 0; i < 100 && !metrics.contains(programmed); i++) {
            Thread.sleep(50);
            metrics = get("http://127.0.0.1:10249/metrics");
        }

        assertThat(metrics)
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("Content-Type: text/plain; version=0.0.4")
                .contains(
                        programmed,
                        "kubeproxy_network_programming_duration_seconds_bucket{ip_family=\"IPv4\",le=\"300.0\"} 1\n",
                        "kubeproxy_sync_proxy_rules_endpoint_changes_total{ip_family=\"IPv6\"} 2.0\n",
                        "kubeproxy_sync_proxy_rules_service_changes_total{ip_family=\"IPv4\"} 1.0\n",
                        "kubeproxy_sync_proxy_rules_endpoint_changes_pending{ip_family=\"IPv4\"} 0.0\n",
                        "kubeproxy_sync_full_proxy_rules_duration_seconds_count{ip_family=\"IPv4\"} 1\n",
                        "kubeproxy_sync_proxy_rules_no_local_endpoints_total"
                                + "{ip_family=\"IPv4\",traffic_policy=\"external\"} 0.0\n")
                .containsPattern(
                        "kubeproxy_sync_proxy_rules_last_timestamp_seconds\\{ip_family=\"IPv4\"\\} 1\\.[0-9]+E9")
                .contains("# TYPE kubeproxy_sync_proxy_rules_duration_seconds histogram\n");
        assertThat(get("http://127.0.0.1:10249/proxyMode")).endsWith("\r\n\r\nnftables");
        assertThat(get("http://127.0.0.1:10249/healthz")).startsWith("HTTP/1.1 200");
    }

    @Test
    void aProgramOnANodePortIsTold() throws Exception {
        try (java.net.ServerSocket taken = namespace.call(() -> new java.net.ServerSocket(30_081))) {
            service("10.96.0.80");
            ObjectNode service =
                    api.get(Resource.SERVICES, "default", "web").orElseThrow().deepCopy();
            Tree.makeObject(service, "spec").put("type", "NodePort");
            ((ObjectNode) service.at("/spec/ports/0")).put("nodePort", taken.getLocalPort());
            api.update(Resource.SERVICES, service);

            String told = "";
            for (int i = 0; i < 300 && told.isEmpty(); i++) {
                Thread.sleep(50);
                told = api.list(Resource.EVENTS, "default", ApiClient.Selection.ALL).items().stream()
                        .filter(event -> Tree.text(event, "reason").equals("NodePortInUse"))
                        .map(event -> Tree.text(event, "message"))
                        .findFirst()
                        .orElse("");
            }
            assertThat(told)
                    .startsWith("java (process " + ProcessHandle.current().pid()
                            + ") listens on port 30081/TCP of node node-1");
        }
    }

    /// What goes to an address of a Service range that no Service has is dropped, whatever ranges there are by now.
    @Test
    void theServiceRangesFollowTheApi() throws Exception {
        assertThat(rules()).contains("10.96.0.0/16").doesNotContain("10.112.0.0/16");
        ObjectNode range = named("networking.k8s.io/v1", "ServiceCIDR", "", "more");
        Tree.makeObject(range, "spec").putArray("cidrs").add("10.112.0.0/16");
        api.create(Resource.SERVICE_CIDRS, range);
        for (int i = 0; i < 100 && !rules().contains("10.112.0.0/16"); i++) {
            Thread.sleep(50);
        }
        assertThat(rules()).contains("10.112.0.0/16");
    }

    private String rules() throws Exception {
        Process nft = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        namespace.name(),
                        "nft",
                        "list",
                        "chain",
                        "ip",
                        "fairway",
                        "filter-forward")
                .start();
        return new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aHealthCheckPortTellsHowManyEndpointsAreHere() throws Exception {
        ObjectNode server = echoPod("server");
        service("10.96.0.78", server);
        ObjectNode service =
                api.get(Resource.SERVICES, "default", "web").orElseThrow().deepCopy();
        Tree.makeObject(service, "spec")
                .put("type", "LoadBalancer")
                .put("externalTrafficPolicy", "Local")
                .put("healthCheckNodePort", 31999);
        api.update(Resource.SERVICES, service);

        assertThat(awaitAnswer("http://172.31.0.1:31999/", "HTTP/1.1 200"))
                .containsIgnoringCase("X-Load-Balancing-Endpoint-Weight: 1\r\n")
                .containsIgnoringCase("Content-Type: application/json\r\n")
                .containsIgnoringCase("X-Content-Type-Options: nosniff\r\n")
                .endsWith("""
                        {
                        \t"service": {
                        \t\t"namespace": "default",
                        \t\t"name": "web"
                        \t},
                        \t"localEndpoints": 1,
                        \t"serviceProxyHealthy": true
                        }""");

        ObjectNode slice = api.get(Resource.ENDPOINT_SLICES, "default", "web-1")
                .orElseThrow()
                .deepCopy();
        ((ObjectNode) slice.at("/endpoints/0")).put("nodeName", "node-2");
        api.update(Resource.ENDPOINT_SLICES, slice);

        assertThat(awaitAnswer("http://172.31.0.1:31999/any", "HTTP/1.1 503"))
                .containsIgnoringCase("X-Load-Balancing-Endpoint-Weight: 0\r\n")
                .contains("\"localEndpoints\": 0");

        Tree.makeObject(service, "spec").put("externalTrafficPolicy", "Cluster").remove("healthCheckNodePort");
        Tree.makeObject(service, "metadata").remove("resourceVersion");
        api.update(Resource.SERVICES, service);
        assertThat(awaitAnswer("http://172.31.0.1:31999/", "refused")).isEqualTo("refused");
    }

    /// Asks until the answer starts so; the last answer when it never does.
    private String awaitAnswer(String url, String start) throws Exception {
        String answer = "";
        for (int i = 0; i < 200 && !answer.startsWith(start); i++) {
            Thread.sleep(50);
            try {
                answer = get(url);
            } catch (java.net.ConnectException closed) {
                answer = "refused";
            }
        }
        return answer;
    }

    @Test
    void nodeRegistersAndBeats() throws InterruptedException {
        for (int i = 0;
                i < 200 && api.get(Resource.LEASES, "kube-node-lease", "node-1").isEmpty();
                i++) {
            Thread.sleep(10);
        }
        ObjectNode lease = api.get(Resource.LEASES, "kube-node-lease", "node-1").orElseThrow();
        assertThat(Tree.text(lease, "spec", "renewTime")).matches("....-..-..T..:..:..\\.[0-9]{6}Z");
        ObjectNode node = api.get(Resource.NODES, "", "node-1").orElseThrow();
        assertThat(NodeObject.isReady(node)).isTrue();
        assertThat(Tree.text(node, "metadata", "labels", "topology.kubernetes.io/zone"))
                .isEqualTo("east");
        assertThat(Tree.text(node, "spec", "podCIDR")).isEqualTo("10.244.1.0/24");
    }
}
