package dev.fairway.picture.explain;

import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Protocols that keep one connection for many requests: a Service divides connections, not requests.
final class ConnectionCheck {

    /// The names of KEP-3726, and those that meshes and clouds read.
    private static final Set<String> LONG_LIVED = Set.of(
            "kubernetes.io/h2c", "kubernetes.io/ws", "kubernetes.io/wss", "grpc", "grpc-web", "h2", "h2c", "http2");

    private ConnectionCheck() {}

    /// @param pods those behind the Service
    static Optional<Finding> finding(ObjectKey key, ObjectNode service, List<ObjectNode> pods) {
        long ready = pods.stream().filter(ReadinessCheck::isReady).count();
        if (ready < 2 || Tree.text(service, "spec", "clusterIP").equals("None")) {
            return Optional.empty();
        }
        List<ObjectNode> ports = Tree.objects(service, "spec", "ports");
        for (int i = 0; i < ports.size(); i++) {
            String spoken = Tree.text(ports.get(i), "appProtocol");
            if (LONG_LIVED.contains(spoken.toLowerCase(Locale.ROOT))) {
                return Optional.of(new Finding(
                        Code.LONG_CONNECTIONS,
                        key,
                        "on port " + Tree.number(ports.get(i), 0, "port") + " a client keeps one connection (" + spoken
                                + "), and all its requests go to one of the " + ready + " pods",
                        List.of("spec.ports[" + i + "].appProtocol: " + spoken, "ready pods: " + ready),
                        "kubectl expose service " + key.name() + " -n " + key.namespace() + " --name=" + key.name()
                                + "-pods --cluster-ip=None"));
            }
        }
        return Optional.empty();
    }
}
