package dev.fairway.picture;

import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;

/// The situations that the article tells of, and those beyond it that a picture must show.
public final class Situations {

    private static final String NAME = "service-python";
    private static final String PORT = "'ports': [{'port': 3000, 'targetPort': 443, 'protocol': 'TCP'}]";
    private static final String NODE_PORT =
            "'ports': [{'port': 3000, 'targetPort': 443, 'nodePort': 30080, 'protocol': 'TCP'}]";
    private static final String ADDRESS = "'clusterIP': '1.1.10.1', 'clusterIPs': ['1.1.10.1'], ";
    private static final String[] PYTHONS = {"pod-python-1", "pod-python-2", "pod-python-3"};

    private Situations() {}

    /// By the name of the file that shows it.
    public static SequencedMap<String, Scene> all() {
        SequencedMap<String, Scene> out = new TreeMap<>();
        out.put("no-services", onePod().scene());
        out.put(
                "pod-recreated",
                onePod().without("pod-python-1")
                        .pod("pod-python-9", "node-2", "1.1.1.133", 443, "ready")
                        .scene());
        out.put(
                "cluster-ip-one-pod",
                onePod().service(NAME, "'type': 'ClusterIP', " + ADDRESS + PORT, "", "pod-python-1")
                        .scene());
        out.put(
                "cluster-ip-three-pods",
                python("'type': 'ClusterIP', " + ADDRESS + PORT, "").scene());
        out.put(
                "node-port",
                python("'type': 'NodePort', " + ADDRESS + NODE_PORT, "").scene());
        out.put("load-balancer", loadBalancer().scene());
        out.put(
                "load-balancer-pending",
                python("'type': 'LoadBalancer', " + ADDRESS + NODE_PORT, "").scene());
        out.put("external-name", externalName().scene());
        out.put("not-ready-and-terminating", unready().scene());
        out.put("dual-stack", dualStack().scene());
        out.put("headless", headless().scene());
        out.put("policy-local", policyLocal().scene());
        out.put("four-services", fourServices().scene());
        out.put("fifty-services", many(50).scene());
        out.put("empty-cluster", TestCluster.article().scene());
        return out;
    }

    public static Scene named(String situation) {
        return Objects.requireNonNull(all().get(situation), situation);
    }

    private static TestCluster onePod() {
        return TestCluster.article()
                .pod("pod-nginx", "node-1", "1.1.1.66", 80, "ready")
                .pod("pod-python-1", "node-2", "1.1.1.130", 443, "ready");
    }

    private static TestCluster threePods() {
        return onePod().pod("pod-python-2", "node-1", "1.1.1.67", 443, "ready")
                .pod("pod-python-3", "node-2", "1.1.1.131", 443, "ready");
    }

    private static TestCluster python(String spec, String balancer) {
        return threePods().service(NAME, spec, balancer, PYTHONS);
    }

    public static TestCluster loadBalancer() {
        return python("'type': 'LoadBalancer', " + ADDRESS + NODE_PORT, "4.4.5.1");
    }

    private static TestCluster externalName() {
        return onePod().service(NAME, "'type': 'ExternalName', 'externalName': 'remote.server.url.com', " + PORT, "");
    }

    private static TestCluster unready() {
        return onePod().pod("pod-python-2", "node-1", "1.1.1.67", 443, "not ready")
                .pod("pod-python-3", "node-2", "1.1.1.131", 443, "terminating")
                .pod("pod-python-4", "", "", 443, "not ready")
                .service(NAME, "'type': 'ClusterIP', " + ADDRESS + PORT, "", PYTHONS);
    }

    private static TestCluster dualStack() {
        return new TestCluster()
                .node("node-1", "198.51.100.1,2001:db8:100::1", "172.31.0.1,fd00:31::1")
                .node("node-2", "198.51.100.2,2001:db8:100::2", "172.31.0.2,fd00:31::2")
                .pod("web-1", "node-1", "10.244.1.2,fd00:10:244:1::2", 8080, "ready")
                .pod("web-2", "node-2", "10.244.2.2,fd00:10:244:2::2", 8080, "ready")
                .service("web", """
                        'type': 'NodePort', 'clusterIP': '10.96.0.7', 'clusterIPs': ['10.96.0.7', 'fd00:10:96::7'],
                        'ports': [{'name': 'http', 'port': 80, 'targetPort': 8080, 'nodePort': 30080},
                                  {'name': 'quic', 'protocol': 'UDP', 'port': 443, 'targetPort': 8443, 'nodePort': 30443}]
                        """, "", "web-1", "web-2");
    }

    private static TestCluster headless() {
        return threePods().service(NAME, "'type': 'ClusterIP', 'clusterIP': 'None', " + PORT, "", PYTHONS);
    }

    private static TestCluster policyLocal() {
        return onePod().service(
                        NAME,
                        "'type': 'NodePort', 'externalTrafficPolicy': 'Local', " + ADDRESS + NODE_PORT,
                        "",
                        "pod-python-1");
    }

    private static TestCluster fourServices() {
        return loadBalancer()
                .service(
                        "web",
                        "'type': 'NodePort', 'clusterIP': '1.1.10.2', "
                                + "'ports': [{'port': 80, 'targetPort': 80, 'nodePort': 30081}]",
                        "",
                        "pod-nginx")
                .service(
                        "mail",
                        "'type': 'ExternalName', 'externalName': 'a-mail-server-with-a-rather-long-name.example.com'",
                        "")
                .service(
                        "away",
                        "'type': 'ClusterIP', 'clusterIP': '1.1.10.4', 'ports': [{'port': 5432, 'targetPort': 5432}]",
                        "")
                .object("EndpointSlice", """
                        {'metadata': {'namespace': 'default', 'name': 'away-1',
                                      'labels': {'kubernetes.io/service-name': 'away'}},
                         'ports': [{'port': 5432}], 'endpoints': [{'addresses': ['192.0.2.7']}]}""");
    }

    /// Services of all types in turn, each with every pod behind it.
    public static TestCluster many(int services) {
        TestCluster cluster = threePods();
        for (int i = 1; i <= services; i++) {
            String name = "service-%03d".formatted(i);
            String ports = "'ports': [{'port': %d, 'targetPort': 443%s}]";
            String address = "'clusterIP': '1.1.10.%d', ".formatted(i % 250);
            String nodePort = ", 'nodePort': " + (30000 + i);
            switch (i % 4) {
                case 0 ->
                    cluster.service(name, "'type': 'ExternalName', 'externalName': 'host-" + i + ".example.com'", "");
                case 1 ->
                    cluster.service(name, "'type': 'ClusterIP', " + address + ports.formatted(i, ""), "", PYTHONS);
                case 2 ->
                    cluster.service(name, "'type': 'NodePort', " + address + ports.formatted(i, nodePort), "", PYTHONS);
                default ->
                    cluster.service(
                            name, "'type': 'LoadBalancer', " + address + ports.formatted(i, nodePort), "4.4.5.7");
            }
        }
        return cluster;
    }
}
