package dev.fairway.picture.explain;

import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Pods that name the Service, and ask somebody who does not know the name.
final class ResolverCheck {

    private ResolverCheck() {}

    /// @param callers those who are told to talk to it
    static Optional<Finding> finding(ObjectKey key, List<Caller> callers) {
        List<Caller> lost = callers.stream()
                .filter(caller -> !caller.dial().isAddress())
                .filter(caller -> why(caller).isPresent())
                .toList();
        return lost.stream()
                .findFirst()
                .flatMap(first -> why(first)
                        .map(why -> new Finding(
                                Code.NAME_NOT_ASKED,
                                key,
                                "pod " + first.podName() + " is told its name, but " + why,
                                Caller.facts(lost),
                                "kubectl exec -n " + first.namespace() + " " + first.name()
                                        + " -- cat /etc/resolv.conf")));
    }

    private static Optional<String> why(Caller caller) {
        ObjectNode pod = caller.pod();
        String policy = Tree.text(pod, "spec", "dnsPolicy");
        boolean clusterFirst = policy.isEmpty() || policy.equals("ClusterFirst");
        boolean ownServers =
                !Tree.texts(pod, "spec", "dnsConfig", "nameservers").isEmpty();
        if (!ownServers && policy.equals("Default")) {
            return Optional.of("with dnsPolicy Default it asks its node's DNS servers, which need not know Services");
        }
        if (!ownServers && clusterFirst && Tree.flag(pod, "spec", "hostNetwork")) {
            return Optional.of("on the host's network it asks the node's DNS servers, which need not know Services:"
                    + " that takes dnsPolicy ClusterFirstWithHostNet");
        }
        boolean isShort = caller.dial().host().split("\\.").length < 4;
        return isShort
                        && policy.equals("None")
                        && Tree.texts(pod, "spec", "dnsConfig", "searches").isEmpty()
                ? Optional.of("with dnsPolicy None and without searches only the whole name is found")
                : Optional.empty();
    }
}
