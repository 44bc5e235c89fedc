package dev.fairway.picture.explain;

import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Pods that name the Service, and whose NetworkPolicies do not let them ask DNS for it.
final class EgressDnsCheck {

    /// Where DNS pods may be: upstream's namespace, and OpenShift's.
    private static final Set<String> DNS_NAMESPACES = Set.of("kube-system", "openshift-dns");

    /// Of CoreDNS, and of OpenShift's.
    private static final List<Long> DNS_PORTS = List.of(53L, 5353L);

    private final NetworkPolicies policies;

    EgressDnsCheck(NetworkPolicies policies) {
        this.policies = policies;
    }

    /// @param callers those who are told to talk to it
    Optional<Finding> finding(ObjectKey key, List<Caller> callers) {
        List<Caller> byName = callers.stream()
                .filter(caller -> !caller.dial().isAddress() && asksTheCluster(caller.pod()))
                .toList();
        return finding(key, byName, "UDP", "do not let it ask DNS for it")
                .or(() -> finding(
                        key,
                        byName,
                        "TCP",
                        "let it ask DNS over UDP only: answers that are long come over TCP port 53"));
    }

    /// Whether a pod may not ask at all, told its name or not.
    Optional<Finding> finding(ObjectKey key, ObjectNode pod) {
        return Optional.of(pod)
                .filter(it -> asksTheCluster(it) && !mayAsk(it, "UDP"))
                .map(it -> policies.isolating(it, "Egress"))
                .map(isolating -> new Finding(
                        Code.POLICY_STOPS_DNS,
                        key,
                        "NetworkPolicies do not let pod " + Meta.key(pod) + " ask DNS",
                        List.of(egress(Meta.key(pod).toString(), isolating)),
                        describe(isolating)));
    }

    private static String egress(String pod, List<ObjectNode> isolating) {
        return "NetworkPolicies of pod " + pod + " with egress: " + NetworkPolicies.names(isolating);
    }

    private static String describe(List<ObjectNode> isolating) {
        ObjectNode first = isolating.getFirst();
        return "kubectl describe networkpolicy " + Meta.name(first) + " -n " + Meta.namespace(first);
    }

    private static boolean asksTheCluster(ObjectNode pod) {
        String policy = Tree.text(pod, "spec", "dnsPolicy");
        return !Tree.flag(pod, "spec", "hostNetwork") && (policy.isEmpty() || policy.equals("ClusterFirst"));
    }

    private Optional<Finding> finding(ObjectKey key, List<Caller> byName, String protocol, String what) {
        List<Caller> mute = byName.stream()
                .filter(caller -> !mayAsk(caller.pod(), protocol))
                .toList();
        if (mute.isEmpty()) {
            return Optional.empty();
        }
        Caller first = mute.getFirst();
        List<ObjectNode> isolating = policies.isolating(first.pod(), "Egress");
        List<String> evidence = new ArrayList<>(List.of(egress(first.podName(), isolating)));
        evidence.addAll(Caller.facts(mute));
        return Optional.of(new Finding(
                Code.POLICY_HIDES_DNS,
                key,
                "pod " + first.podName() + " is told its name, but where NetworkPolicies are enforced, they " + what,
                evidence,
                describe(isolating)));
    }

    private boolean mayAsk(ObjectNode pod, String protocol) {
        List<ObjectNode> isolating = policies.isolating(pod, "Egress");
        return isolating.isEmpty()
                || isolating.stream()
                        .anyMatch(policy -> Tree.objects(policy, "spec", "egress").stream()
                                .filter(rule -> hasDnsPort(rule, protocol))
                                .anyMatch(rule -> Tree.objects(rule, "to").isEmpty()
                                        || Tree.objects(rule, "to").stream().anyMatch(peer -> mayBeDns(peer, policy))));
    }

    /// A port by name is one of pods that are not known here.
    private static boolean hasDnsPort(ObjectNode rule, String protocol) {
        return DNS_PORTS.stream().anyMatch(port -> NetworkPolicies.isAboutPort(rule, protocol, port, rule))
                || Tree.objects(rule, "ports").stream()
                        .anyMatch(port -> Tree.at(port, "port").isString());
    }

    private static boolean mayBeDns(ObjectNode peer, ObjectNode policy) {
        if (Tree.has(peer, "ipBlock")) {
            return true;
        }
        return Tree.has(peer, "namespaceSelector")
                ? DNS_NAMESPACES.stream()
                        .anyMatch(name -> NetworkPolicies.mayChoose(Tree.at(peer, "namespaceSelector"), name))
                : DNS_NAMESPACES.contains(Meta.namespace(policy));
    }
}
