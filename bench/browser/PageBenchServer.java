package dev.fairway.bench;

import dev.fairway.api.ApiServer;
import dev.fairway.api.ApiServerConfig;
import dev.fairway.api.NodeDirectory;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.security.CertificateAuthority;
import dev.fairway.api.security.User;
import dev.fairway.app.StateFolder;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.config.ConfigReader;
import dev.fairway.app.page.Observed;
import dev.fairway.app.page.PageServer;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.store.Stores;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.node.ObjectNode;

/// The server process of the page's benchmark: the API server and the page, and in them a large cluster that nobody
/// runs. Commands come on its input, one a line; each answers with a line.
///
/// ```
/// events COUNT SECONDS   pods become ready and not ready, evenly
/// create NAME            a Service; the answer is when the API had it, in milliseconds of the clock
/// ```
public final class PageBenchServer {

    private static final int NODES = 100;
    private static final int PODS = 5_000;
    private static final int SERVICES = 500;
    private static final int PODS_PER_SERVICE = PODS / SERVICES;
    private static final String SPACE = "team";

    private final ApiClient client;
    private final List<ObjectNode> pods = new ArrayList<>();
    private int changes;

    private PageBenchServer(ApiClient client) {
        this.client = client;
    }

    /// @param args the folder for keys and the port of the page; the page's address is told in the folder's file `url`
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        CertificateAuthority authority = CertificateAuthority.open(folder.resolve("pki"), InstantSource.system());
        ApiServerConfig config = new ApiServerConfig("127.0.0.1", 0, authority, new TreeSet<>(List.of("127.0.0.1")));
        ApiServer server = ApiServer.start(config, Stores.memory(), Kinds.standard(), NodeDirectory.none());
        ApiClient client = server.client(User.authenticated("admin", List.of(User.MASTERS)));
        PageBenchServer bench = new PageBenchServer(client);
        bench.fill();
        StateFolder state = new StateFolder(folder);
        ClusterConfig cluster = ConfigReader.parse("pagePort: " + args[1] + "\n", "page");
        PageServer page = PageServer.start(client, cluster, Observed.NOTHING, state);
        Files.writeString(folder.resolve("url.new"), PageServer.url(state, page.port()));
        Files.move(folder.resolve("url.new"), folder.resolve("url"));
        bench.obey();
        System.exit(0);
    }

    private void obey() throws Exception {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "events" -> events(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                case "create" -> create(words[1]);
                default -> throw new IllegalArgumentException(line);
            }
            System.out.println(System.currentTimeMillis());
        }
    }

    private void fill() {
        client.create(Resource.NAMESPACES, json("{'metadata': {'name': 'team'}}"));
        client.create(Resource.SERVICE_ACCOUNTS, json("{'metadata': {'name': 'default', 'namespace': 'team'}}"));
        for (int node = 0; node < NODES; node++) {
            client.create(Resource.NODES, node(node));
        }
        for (int pod = 0; pod < PODS; pod++) {
            pods.add(client.updateStatus(Resource.PODS, with(client.create(Resource.PODS, pod(pod)), pod, true)));
        }
        for (int service = 0; service < SERVICES; service++) {
            create("service-" + service);
            client.create(Resource.ENDPOINT_SLICES, slice(service));
        }
    }

    private static ObjectNode json(String text) {
        return Json.parse(text.replace('\'', '"'));
    }

    private static ObjectNode node(int number) {
        return json("""
                {'metadata': {'name': 'node-%1$d'},
                 'status': {'conditions': [{'type': 'Ready', 'status': 'True'}],
                            'addresses': [{'type': 'InternalIP', 'address': '172.31.0.%2$d'}]}}
                """.formatted(number, 1 + number));
    }

    private static ObjectNode pod(int number) {
        return json("""
                {'metadata': {'name': 'pod-%d', 'namespace': 'team', 'labels': {'app': 'app-%d'}},
                 'spec': {'nodeName': 'node-%d', 'containers': [{'name': 'c', 'image': 'c'}]}}
                """.formatted(number, number / PODS_PER_SERVICE, number % NODES));
    }

    /// What the API answered is shared: it is copied, not edited.
    private static ObjectNode with(ObjectNode answered, int number, boolean ready) {
        ObjectNode pod = answered.deepCopy();
        pod.set("status", json("""
                {'phase': 'Running', 'podIP': '%1$s', 'podIPs': [{'ip': '%1$s'}],
                 'conditions': [{'type': 'Ready', 'status': '%2$s'}]}
                """.formatted(address(number), ready ? "True" : "False")));
        return pod;
    }

    private static String address(int pod) {
        return "10.244." + pod / 250 + "." + (1 + pod % 250);
    }

    private void create(String name) {
        client.create(Resource.SERVICES, json("""
                {'metadata': {'name': '%s', 'namespace': 'team'},
                 'spec': {'type': 'NodePort', 'ports': [{'port': 80}]}}""".formatted(name)));
    }

    private static ObjectNode slice(int service) {
        ObjectNode slice = json("""
                {'metadata': {'name': 'service-%1$d', 'namespace': 'team',
                              'labels': {'kubernetes.io/service-name': 'service-%1$d'}},
                 'addressType': 'IPv4', 'ports': [{'port': 80}]}""".formatted(service));
        var endpoints = Tree.makeArray(slice, "endpoints");
        for (int i = 0; i < PODS_PER_SERVICE; i++) {
            int pod = service * PODS_PER_SERVICE + i;
            endpoints.add(json("""
                    {'addresses': ['%s'], 'nodeName': 'node-%d', 'conditions': {'ready': true},
                     'targetRef': {'kind': 'Pod', 'namespace': 'team', 'name': 'pod-%d'}}
                    """.formatted(address(pod), pod % NODES, pod)));
        }
        return slice;
    }

    private void events(int count, int seconds) {
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            int pod = changes % PODS;
            boolean ready = changes / PODS % 2 == 1;
            pods.set(pod, client.updateStatus(Resource.PODS, with(pods.get(pod), pod, ready)));
            changes++;
            long due = begin + seconds * 1_000_000_000L / count * i;
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }
}
