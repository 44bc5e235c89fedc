package dev.fairway.bench;

import dev.fairway.client.RemoteApiClient;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.node.ObjectNode;

/// A large cluster that nobody runs: the objects of its nodes, pods and Services, and the signs of life that keep the
/// nodes from being given up.
final class PageBenchCluster implements AutoCloseable {

    private static final int NODES = 100;
    private static final int PODS = 5_000;
    private static final int SERVICES = 500;
    private static final int PODS_PER_SERVICE = PODS / SERVICES;
    private static final String SPACE = "team";
    private static final String LEASES = "kube-node-lease";
    private static final int SIGN_OF_LIFE_SECONDS = 10;

    private final RemoteApiClient client;
    private final Thread nodes = Thread.ofVirtual().unstarted(this::live);
    private int changes;

    /// @param kubeconfig of a running server
    PageBenchCluster(Path kubeconfig) throws IOException {
        this.client = RemoteApiClient.open(kubeconfig, "page-bench");
    }

    void fill() {
        client.create(Resource.NAMESPACES, json("{'metadata': {'name': 'team'}}"));
        awaitAccount();
        for (int node = 0; node < NODES; node++) {
            client.create(Resource.LEASES, lease(node));
            client.create(Resource.NODES, json("{'metadata': {'name': 'node-%d'}}".formatted(node)));
            client.patch(Resource.NODES, "", "node-" + node, "status", nodeStatus(node));
        }
        for (int pod = 0; pod < PODS; pod++) {
            client.create(Resource.PODS, pod(pod));
            change(pod, true);
        }
        for (int service = 0; service < SERVICES; service++) {
            create("service-" + service);
            client.create(Resource.ENDPOINT_SLICES, slice(service));
        }
    }

    /// From now on the nodes give their signs.
    void start() {
        nodes.start();
    }

    private void live() {
        while (!Thread.currentThread().isInterrupted()) {
            for (int node = 0; node < NODES; node++) {
                client.patch(Resource.LEASES, LEASES, "node-" + node, "", lease(node));
            }
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(SIGN_OF_LIFE_SECONDS));
        }
    }

    /// Pods of a namespace are refused until its account is there.
    private void awaitAccount() {
        while (client.get(Resource.SERVICE_ACCOUNTS, SPACE, "default").isEmpty()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /// A Service.
    ///
    /// @return when the API had it, in milliseconds of the clock
    long create(String name) {
        client.create(Resource.SERVICES, json("""
                {'metadata': {'name': '%s', 'namespace': 'team'},
                 'spec': {'type': 'NodePort', 'ports': [{'port': 80}]}}""".formatted(name)));
        return System.currentTimeMillis();
    }

    /// Pods become ready and not ready, evenly.
    void events(int count, int seconds) {
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            change(changes % PODS, changes / PODS % 2 == 1);
            changes++;
            long due = begin + seconds * 1_000_000_000L / count * i;
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private void change(int pod, boolean ready) {
        client.patch(Resource.PODS, SPACE, "pod-" + pod, "status", json("""
                {'status': {'phase': 'Running', 'podIP': '%1$s', 'podIPs': [{'ip': '%1$s'}],
                            'conditions': [{'type': 'Ready', 'status': '%2$s'}]}}
                """.formatted(address(pod), ready ? "True" : "False")));
    }

    private static ObjectNode json(String text) {
        return Json.parse(text.replace('\'', '"'));
    }

    private static ObjectNode lease(int node) {
        return json("""
                {'metadata': {'name': 'node-%1$d', 'namespace': 'kube-node-lease'},
                 'spec': {'holderIdentity': 'node-%1$d', 'leaseDurationSeconds': 40, 'renewTime': '%2$s'}}
                """.formatted(node, "%1$s000Z".formatted(Instant.now().toString().substring(0, 23))));
    }

    private static ObjectNode nodeStatus(int number) {
        return json("""
                {'status': {'conditions': [{'type': 'Ready', 'status': 'True'}],
                            'addresses': [{'type': 'InternalIP', 'address': '172.31.0.%d'}]}}
                """.formatted(1 + number));
    }

    private static ObjectNode pod(int number) {
        return json("""
                {'metadata': {'name': 'pod-%d', 'namespace': 'team', 'labels': {'app': 'app-%d'}},
                 'spec': {'nodeName': 'node-%d', 'containers': [{'name': 'c', 'image': 'c'}]}}
                """.formatted(number, number / PODS_PER_SERVICE, number % NODES));
    }

    private static String address(int pod) {
        return "10.244." + pod / 250 + "." + (1 + pod % 250);
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

    @Override
    public void close() {
        nodes.interrupt();
        client.close();
    }
}
