package dev.fairway.control.endpoints;

import dev.fairway.control.object.Conditions;
import dev.fairway.control.object.Quantities;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How much of the cluster's CPU each zone has, and how many of a Service's endpoints are its due (KEP-2433).
final class ZoneShares {

    /// How much more traffic an endpoint may get than with an even spread.
    private static final double OVERLOAD = 0.2;

    private static final String CONTROL_PLANE = "node-role.kubernetes.io/control-plane";
    private static final String MASTER = "node-role.kubernetes.io/master";

    /// What a zone should have of a number of endpoints.
    record Share(int minimum, double desired) {}

    /// The shares, or the sentence that says why there are none.
    sealed interface Outcome {
        record Shared(SortedMap<String, Share> byZone) implements Outcome {}

        record Unknown(String why) implements Outcome {}
    }

    private ZoneShares() {}

    static Outcome of(Collection<ObjectNode> nodes, int endpoints) {
        Optional<SortedMap<String, Double>> known = cpuByZone(nodes);
        if (known.isEmpty()) {
            return new Outcome.Unknown(
                    "Insufficient Node information: allocatable CPU or zone not specified on one or more nodes");
        }
        SortedMap<String, Double> cpu = known.get();
        if (cpu.size() < 2) {
            return new Outcome.Unknown("Nodes only ready in one zone");
        }
        if (cpu.size() > endpoints) {
            return new Outcome.Unknown(
                    "Insufficient number of endpoints (%d endpoints, %d zones)".formatted(endpoints, cpu.size()));
        }
        return share(cpu, endpoints);
    }

    private static Outcome share(SortedMap<String, Double> cpu, int endpoints) {
        double total = cpu.values().stream().mapToDouble(Double::doubleValue).sum();
        SortedMap<String, Share> out = new TreeMap<>();
        cpu.forEach((zone, amount) -> {
            double desired = amount / total * endpoints;
            int minimum = (int) Math.ceil(desired / (1 + OVERLOAD));
            out.put(zone, new Share(minimum, Math.max(desired, minimum)));
        });
        return out.values().stream().mapToInt(Share::minimum).sum() > endpoints
                ? new Outcome.Unknown("Minimum allocation of required endpoints exceeds overload threshold")
                : new Outcome.Shared(out);
    }

    /// Empty when a node that could take traffic does not say its zone or its CPU.
    private static Optional<SortedMap<String, Double>> cpuByZone(Collection<ObjectNode> nodes) {
        SortedMap<String, Double> out = new TreeMap<>();
        for (ObjectNode node : nodes) {
            if (!counts(node)) {
                continue;
            }
            String zone = zoneOf(node);
            double cpu = Quantities.parse(Tree.text(node, "status", "allocatable", "cpu"));
            if (zone.isEmpty() || cpu <= 0) {
                return Optional.empty();
            }
            out.merge(zone, cpu, Double::sum);
        }
        return out.isEmpty() ? Optional.empty() : Optional.of(out);
    }

    private static boolean counts(JsonNode node) {
        return Conditions.isTrue(node, "Ready")
                && !Meta.labels(node).containsKey(CONTROL_PLANE)
                && !Meta.labels(node).containsKey(MASTER);
    }

    static String zoneOf(JsonNode node) {
        return Meta.labels(node).getOrDefault(EndpointShape.ZONE, "");
    }

    /// All of a node that shares depend on, as one text.
    static String factsOf(JsonNode node) {
        return counts(node) + " " + zoneOf(node) + " " + Tree.text(node, "status", "allocatable", "cpu");
    }
}
