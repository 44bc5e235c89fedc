package dev.fairway.app.doctor;

import dev.fairway.app.doctor.ClusterFacts.Health;
import dev.fairway.app.doctor.ClusterFacts.NodeFacts;
import dev.fairway.app.doctor.Verdict.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// Whether a running cluster's parts do their work. Pure.
public final class ClusterChecks {

    private static final Duration CERTIFICATE_TIGHT = Duration.ofDays(7);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(40);
    private static final String NOT_HERE = "the nodes' namespaces are not on this machine";

    private ClusterChecks() {}

    public static List<Verdict> all(ClusterFacts facts) {
        if (facts.api().isPresent()) {
            return List.of(Verdict.failed(
                    "api/ready",
                    "the API is not ready",
                    "fairway status",
                    facts.api().get()));
        }
        return List.of(
                Verdict.ok("api/ready", "the API is ready"),
                certificates(facts),
                ready(facts.nodes()),
                heartbeat(facts.nodes()),
                forwarding(facts.nodes()),
                dns(facts),
                addresses(facts));
    }

    private static Verdict certificates(ClusterFacts facts) {
        List<String> over = new ArrayList<>();
        List<String> soon = new ArrayList<>();
        for (Map.Entry<String, Instant> each : facts.certificates().entrySet()) {
            String fact = each.getKey() + " ends " + each.getValue();
            if (each.getValue().isBefore(facts.now())) {
                over.add(fact);
            } else if (each.getValue().isBefore(facts.now().plus(CERTIFICATE_TIGHT))) {
                soon.add(fact);
            }
        }
        String fix = "fairway certificates --rotate";
        if (!over.isEmpty()) {
            return new Verdict("api/certificates", Result.FAILED, "a certificate is no longer valid", over, fix);
        }
        return soon.isEmpty()
                ? Verdict.ok("api/certificates", "all certificates are valid for more than a week")
                : new Verdict("api/certificates", Result.WARNING, "a certificate ends within a week", soon, fix);
    }

    private static Verdict ready(SortedMap<String, NodeFacts> nodes) {
        List<String> wrong = new ArrayList<>();
        nodes.forEach((name, node) -> {
            if (!node.ready()) {
                wrong.add(name + ": " + node.message());
            }
        });
        return of(
                "node/ready",
                nodes.size() + " nodes are ready",
                "a node is not ready",
                wrong,
                "kubectl describe nodes");
    }

    private static Verdict heartbeat(SortedMap<String, NodeFacts> nodes) {
        List<String> wrong = new ArrayList<>();
        nodes.forEach((name, node) -> {
            if (node.silence().isEmpty()) {
                wrong.add(name + " was never heard of");
            } else if (node.silence().get().compareTo(SILENCE_MAX) > 0) {
                wrong.add(name + " was heard of " + node.silence().get().toSeconds() + " s ago");
            }
        });
        return of("node/heartbeat", "every node was heard of", "a node is silent", wrong, "fairway status");
    }

    private static Verdict forwarding(SortedMap<String, NodeFacts> nodes) {
        List<String> wrong = new ArrayList<>();
        nodes.forEach((name, node) -> node.health()
                .filter(health -> !health.equals(Health.GOOD))
                .ifPresent(health -> wrong.add(name + ": " + health.trouble())));
        if (nodes.values().stream().allMatch(node -> node.health().isEmpty())) {
            return Verdict.skipped("node/forwarding", NOT_HERE);
        }
        return of(
                "node/forwarding",
                "every node's kernel has the newest Services",
                "a node's kernel does not have the newest Services",
                wrong,
                "kubectl get events -A --field-selector involvedObject.kind=Node");
    }

    private static Verdict dns(ClusterFacts facts) {
        List<String> wrong = facts.dns().stream()
                .filter(each -> !each.answer().equals(each.expected()))
                .map(each -> each.question() + ": " + each.answer() + "; expected " + each.expected())
                .toList();
        return facts.dns().isEmpty()
                ? Verdict.skipped("dns/answers", NOT_HERE)
                : of(
                        "dns/answers",
                        "names are answered on every node over UDP and TCP",
                        "a node's name server does not answer as it should",
                        wrong,
                        "fairway status");
    }

    private static Verdict addresses(ClusterFacts facts) {
        if (facts.pending().isEmpty()) {
            return Verdict.ok("lb/addresses", "every load balancer has its address");
        }
        return new Verdict(
                "lb/addresses",
                Result.FAILED,
                facts.poolsConfigured()
                        ? "a load balancer has no address"
                        : "a load balancer has no address, and the settings have no block for them",
                facts.pending(),
                "fairway explain svc/" + name(facts.pending().getFirst()));
    }

    private static String name(String service) {
        int slash = service.indexOf('/');
        return service.substring(slash + 1) + " -n " + service.substring(0, slash);
    }

    private static Verdict of(String id, String good, String bad, List<String> wrong, String fix) {
        return wrong.isEmpty() ? Verdict.ok(id, good) : new Verdict(id, Result.FAILED, bad, wrong, fix);
    }
}
