package dev.fairway.picture.explain;

import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// Pods that ping a cluster IP, which says nothing of the Service.
final class PingCheck {

    private PingCheck() {}

    /// @param callers those who are told to talk to it
    static Optional<Finding> finding(ObjectKey key, ObjectNode service, List<Caller> callers) {
        if (Tree.text(service, "spec", "clusterIP").equals("None")) {
            return Optional.empty();
        }
        Set<String> own = new TreeSet<>(Tree.texts(service, "spec", "clusterIPs"));
        own.add(Tree.text(service, "spec", "clusterIP"));
        List<Caller> pinging = callers.stream()
                .filter(caller -> caller.dial().way() == Dial.Way.PING)
                .filter(caller ->
                        !caller.dial().isAddress() || own.contains(caller.dial().host()))
                .toList();
        if (pinging.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Finding(
                Code.CLUSTER_IP_PINGED,
                key,
                "pod " + pinging.getFirst().podName() + " pings it, but a cluster IP is no machine: it need not answer,"
                        + " even when every port of the Service does",
                Caller.facts(pinging),
                "kubectl get service " + key.name() + " -n " + key.namespace()));
    }
}
