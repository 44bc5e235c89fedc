package dev.fairway.app.doctor;

import dev.fairway.app.doctor.ClusterFacts.ApiTrouble;
import dev.fairway.app.doctor.ClusterFacts.Health;
import dev.fairway.app.doctor.ClusterFacts.NodeFacts;
import dev.fairway.app.doctor.ClusterFacts.StrangeTable;
import dev.fairway.app.doctor.Verdict.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Whether a running cluster's parts do their work. Pure.
public final class ClusterChecks {

    private static final Duration CERTIFICATE_TIGHT = Duration.ofDays(7);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(40);
    private static final String NOT_HERE = "the nodes' namespaces are not on this machine";

    private ClusterChecks() {}

    public static List<Verdict> all(ClusterFacts facts) {
        if (facts.api().isPresent()) {
            ApiTrouble trouble = facts.api().get();
            return List.of(Verdict.failed(
                    "api/ready",
                    "the API is not ready",
                    trouble.runs() ? restart(facts) : "fairway up" + facts.state(),
                    trouble.why()));
        }
        return List.of(
                Verdict.ok("api/ready", "the API is ready"),
                certificates(facts),
                ready(facts),
                heartbeat(facts),
                forwarding(facts),
                dns(facts),
                addresses(facts));
    }

    /// It keeps every object, and pods' processes end.
    private static String restart(ClusterFacts facts) {
        return "fairway down" + facts.state() + " && fairway up" + facts.state();
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
        String fix = restart(facts); // who starts makes anew what ends within a month
        if (!over.isEmpty()) {
            return new Verdict("api/certificates", Result.FAILED, "a certificate is no longer valid", over, fix);
        }
        return soon.isEmpty()
                ? Verdict.ok("api/certificates", "all certificates are valid for more than a week")
                : new Verdict("api/certificates", Result.WARNING, "a certificate ends within a week", soon, fix);
    }

    private static Verdict ready(ClusterFacts facts) {
        SortedMap<String, String> wrong = new TreeMap<>();
        facts.nodes().forEach((name, node) -> {
            if (!node.ready()) {
                wrong.put(name, name + ": " + node.message());
            }
        });
        return ofNodes("node/ready", facts.nodes().size() + " nodes are ready", "a node is not ready", wrong, facts);
    }

    private static Verdict heartbeat(ClusterFacts facts) {
        SortedMap<String, String> wrong = new TreeMap<>();
        facts.nodes().forEach((name, node) -> {
            if (node.silence().isEmpty()) {
                wrong.put(name, name + " was never heard of");
            } else if (node.silence().get().compareTo(SILENCE_MAX) > 0) {
                wrong.put(name, name + " was heard of " + node.silence().get().toSeconds() + " s ago");
            }
        });
        return ofNodes("node/heartbeat", "every node was heard of", "a node is silent", wrong, facts);
    }

    private static Verdict ofNodes(
            String id, String good, String bad, SortedMap<String, String> wrong, ClusterFacts facts) {
        return wrong.isEmpty()
                ? Verdict.ok(id, good)
                : new Verdict(
                        id,
                        Result.FAILED,
                        bad,
                        List.copyOf(wrong.values()),
                        revive(List.copyOf(wrong.keySet()), facts));
    }

    /// Nodes here come back with the cluster; one that never said a word is only a name.
    private static String revive(List<String> names, ClusterFacts facts) {
        SortedMap<String, NodeFacts> nodes = new TreeMap<>(facts.nodes());
        nodes.keySet().retainAll(names);
        if (nodes.values().stream().anyMatch(node -> node.health().isPresent())) {
            return restart(facts);
        }
        nodes.values().removeIf(node -> node.silence().isPresent());
        return nodes.isEmpty()
                ? "kubectl describe nodes " + String.join(" ", names)
                : "kubectl delete nodes " + String.join(" ", nodes.keySet());
    }

    private static Verdict forwarding(ClusterFacts facts) {
        List<String> wrong = new ArrayList<>();
        List<StrangeTable> strangers = new ArrayList<>();
        facts.nodes()
                .forEach((name, node) -> node.health()
                        .filter(health -> !health.equals(Health.GOOD))
                        .ifPresent(health -> {
                            wrong.add(name + ": " + health.trouble());
                            strangers.addAll(node.strangers());
                        }));
        if (facts.nodes().values().stream().allMatch(node -> node.health().isEmpty())) {
            return Verdict.skipped("node/forwarding", NOT_HERE);
        }
        return inTheWay(
                "node/forwarding",
                "every node's kernel has the newest Services",
                "a node's kernel does not have the newest Services",
                wrong,
                strangers,
                facts);
    }

    /// What happens in the namespaces of nodes is the cluster's alone, so another's rules there are the first suspect.
    private static Verdict inTheWay(
            String id, String good, String bad, List<String> wrong, List<StrangeTable> strangers, ClusterFacts facts) {
        List<String> evidence = new ArrayList<>(wrong);
        strangers.forEach(
                table -> evidence.add("in " + table.namespace() + " is a table of another program: " + table.name()));
        String remove = strangers.stream()
                .map(table -> "ip netns exec " + table.namespace() + " nft delete table " + table.name())
                .collect(Collectors.joining(" && "));
        return wrong.isEmpty()
                ? Verdict.ok(id, good)
                : new Verdict(id, Result.FAILED, bad, evidence, remove.isEmpty() ? restart(facts) : remove);
    }

    private static Verdict dns(ClusterFacts facts) {
        List<String> wrong = facts.dns().stream()
                .filter(each -> !each.answer().equals(each.expected()))
                .map(each -> each.question() + ": " + each.answer() + "; expected " + each.expected())
                .toList();
        return facts.dns().isEmpty()
                ? Verdict.skipped("dns/answers", NOT_HERE)
                : inTheWay(
                        "dns/answers",
                        "names are answered on every node over UDP and TCP",
                        "a node's name server does not answer as it should",
                        wrong,
                        facts.nodes().values().stream()
                                .flatMap(node -> node.strangers().stream())
                                .toList(),
                        facts);
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
}
