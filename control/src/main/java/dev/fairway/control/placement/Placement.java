package dev.fairway.control.placement;

import dev.fairway.control.object.Owners;
import dev.fairway.control.object.Pods;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Times;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Chooses nodes for pods: the fewest pods of the same owner first, then the fewest pods at all, then by name. Pods
/// that are on their way out still take room, but their owner's new ones need not avoid them.
final class Placement {

    /// @param node the chosen node, empty when none fits
    /// @param why when none fits: how many nodes refused for which reason
    record Choice(ObjectNode pod, Optional<String> node, String why) {}

    private record Load(ObjectNode node, int[] pods, Map<String, Integer> byOwner) {
        int ofOwner(String owner) {
            return owner.isEmpty() ? 0 : byOwner.getOrDefault(owner, 0);
        }

        void add(ObjectNode pod) {
            pods[0]++;
            if (!Meta.isBeingDeleted(pod)) {
                byOwner.merge(Owners.controllerUid(pod), 1, Integer::sum);
            }
        }
    }

    private final List<Load> loads = new ArrayList<>();

    private Placement() {}

    /// @param pending pods without a node; older ones are served first
    /// @param running the pods of each node by its name
    static List<Choice> plan(
            Collection<ObjectNode> pending, Collection<ObjectNode> nodes, Map<String, Collection<ObjectNode>> running) {
        Placement placement = new Placement();
        for (ObjectNode node : nodes) {
            Load load = new Load(node, new int[1], new HashMap<>());
            running.getOrDefault(Meta.name(node), List.of()).stream()
                    .filter(pod -> !Pods.isTerminal(pod))
                    .forEach(load::add);
            placement.loads.add(load);
        }
        return pending.stream()
                .sorted(Comparator.comparing(Times::created).thenComparing(Meta::key))
                .map(placement::choose)
                .toList();
    }

    private Choice choose(ObjectNode pod) {
        Map<String, Integer> refusals = new TreeMap<>();
        List<Load> fitting = new ArrayList<>();
        for (Load load : loads) {
            NodeChoice.refusal(pod, load.node(), load.pods()[0])
                    .ifPresentOrElse(why -> refusals.merge(why, 1, Integer::sum), () -> fitting.add(load));
        }
        String owner = Owners.controllerUid(pod);
        Optional<Load> best = fitting.stream()
                .min(Comparator.comparingInt((Load load) -> load.ofOwner(owner))
                        .thenComparingInt(load -> load.pods()[0])
                        .thenComparing(load -> Meta.name(load.node())));
        best.ifPresent(load -> load.add(pod));
        return new Choice(pod, best.map(load -> Meta.name(load.node())), describe(refusals));
    }

    private String describe(Map<String, Integer> refusals) {
        String reasons = refusals.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        return loads.isEmpty()
                ? "no nodes available to schedule pods"
                : "0/%d nodes are available: %s.".formatted(loads.size(), reasons);
    }
}
