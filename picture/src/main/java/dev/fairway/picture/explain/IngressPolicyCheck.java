package dev.fairway.picture.explain;

import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// NetworkPolicies that let nobody in to the pods of a Service, or not those who are told to talk to it.
final class IngressPolicyCheck {

    private final ObjectKey key;
    private final ObjectNode service;
    private final List<ObjectNode> pods;
    private final NetworkPolicies policies;

    /// @param behind the pods behind the Service
    IngressPolicyCheck(ObjectKey key, ObjectNode service, List<ObjectNode> behind, NetworkPolicies policies) {
        this.key = key;
        this.service = service;
        this.pods = behind.stream().filter(ReadinessCheck::isReady).toList();
        this.policies = policies;
    }

    /// @param callers those who are told to talk to it
    Optional<Finding> finding(List<Caller> callers) {
        return nobody().or(() -> left(callers));
    }

    /// Whether they let a client in to one port.
    ///
    /// @param client empty for somebody who is no pod
    Optional<Finding> against(Optional<ObjectNode> client, int number) {
        return Tree.objects(service, "spec", "ports").stream()
                .filter(port -> Tree.number(port, 0, "port") == number)
                .filter(port -> isShut(
                        port, (policy, peer) -> client.isEmpty() || NetworkPolicies.mayBe(peer, policy, client.get())))
                .findFirst()
                .map(port -> finding("the NetworkPolicies of its pods do not let the client in", List.of()));
    }

    private Optional<Finding> nobody() {
        return Tree.objects(service, "spec", "ports").stream()
                .filter(port -> isShut(port, (policy, peer) -> true))
                .findFirst()
                .map(port -> finding(
                        "the NetworkPolicies of its pods let nobody in to " + text(port)
                                + ": where they are enforced, connections time out",
                        List.of()));
    }

    private Optional<Finding> left(List<Caller> callers) {
        List<Caller> out = callers.stream()
                .filter(caller -> !Tree.flag(caller.pod(), "spec", "hostNetwork") && isLeftOut(caller))
                .toList();
        return out.stream()
                .findFirst()
                .map(first -> finding(
                        "the NetworkPolicies of its pods do not let pod " + first.podName()
                                + " in, which is told to talk to it: where they are enforced, its connections time out",
                        Caller.facts(out)));
    }

    private boolean isLeftOut(Caller caller) {
        return Tree.objects(service, "spec", "ports").stream()
                .filter(port -> Tree.number(port, 0, "port") == caller.dial().port())
                .anyMatch(port -> isShut(port, (policy, peer) -> NetworkPolicies.mayBe(peer, policy, caller.pod())));
    }

    /// Whether none of the pods lets the peer in to where the port leads.
    private boolean isShut(ObjectNode port, BiPredicate<ObjectNode, ObjectNode> peer) {
        return !pods.isEmpty() && pods.stream().noneMatch(pod -> isOpen(pod, port, peer));
    }

    private boolean isOpen(ObjectNode pod, ObjectNode port, BiPredicate<ObjectNode, ObjectNode> wanted) {
        List<ObjectNode> isolating = policies.isolating(pod, "Ingress");
        Optional<Long> target = target(pod, port);
        return isolating.isEmpty()
                || target.isEmpty()
                || isolating.stream()
                        .anyMatch(policy -> Tree.objects(policy, "spec", "ingress").stream()
                                .filter(rule -> NetworkPolicies.isAboutPort(rule, protocol(port), target.get(), pod))
                                .anyMatch(rule -> Tree.objects(rule, "from").isEmpty()
                                        || Tree.objects(rule, "from").stream()
                                                .anyMatch(peer -> wanted.test(policy, peer))));
    }

    /// Empty for a name that the pod does not have.
    private static Optional<Long> target(ObjectNode pod, ObjectNode port) {
        JsonNode target = Tree.at(port, "targetPort");
        return target.isString()
                ? PortCheck.containers(pod)
                        .flatMap(container -> Tree.objects(container, "ports").stream())
                        .filter(declared -> Tree.text(declared, "name").equals(target.stringValue()))
                        .map(declared -> Tree.number(declared, 0, "containerPort"))
                        .findFirst()
                : Optional.of(Tree.number(port, Tree.number(port, 0, "port"), "targetPort"));
    }

    private static String protocol(ObjectNode port) {
        String text = Tree.text(port, "protocol");
        return text.isEmpty() ? "TCP" : text;
    }

    private String text(ObjectNode port) {
        return protocol(port) + " port "
                + pods.stream()
                        .flatMap(pod -> target(pod, port).stream())
                        .findFirst()
                        .orElse(0L);
    }

    private Finding finding(String sentence, List<String> facts) {
        List<ObjectNode> isolating = pods.stream()
                .flatMap(pod -> policies.isolating(pod, "Ingress").stream())
                .toList();
        List<String> evidence =
                new ArrayList<>(List.of("NetworkPolicies of its pods: " + NetworkPolicies.names(isolating)));
        evidence.addAll(facts);
        return new Finding(
                Code.POLICY_LETS_NOBODY_IN,
                key,
                sentence,
                evidence,
                "kubectl describe networkpolicy " + Meta.name(isolating.getFirst()) + " -n " + key.namespace());
    }
}
