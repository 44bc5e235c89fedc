package dev.fairway.control.workloads;

import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Which old pods of a DaemonSet give way to new ones now.
///
/// @param deleted old pods to delete; the new ones follow when they are gone
/// @param created nodes that get a new pod beside the old one
record DaemonRollout(List<ObjectNode> deleted, List<String> created) {

    /// Pods of one node; more than one old or one new pod there is no state to roll on from.
    private record OnNode(String node, Optional<ObjectNode> old, Optional<ObjectNode> fresh) {}

    /// @param nodes those that are to have a pod
    static DaemonRollout plan(DaemonPods pods, List<String> nodes) {
        JsonNode rolling = Tree.at(pods.set(), "spec", "updateStrategy", "rollingUpdate");
        int surge = RolloutLimits.resolve(Tree.at(rolling, "maxSurge"), nodes.size(), true, 0);
        int unavailable = RolloutLimits.resolve(Tree.at(rolling, "maxUnavailable"), nodes.size(), true, 1);
        List<OnNode> states = new ArrayList<>();
        int unclear = 0;
        for (String node : nodes) {
            List<ObjectNode> old =
                    pods.on(node).stream().filter(pod -> !pods.isCurrent(pod)).toList();
            List<ObjectNode> fresh =
                    pods.on(node).stream().filter(pods::isCurrent).toList();
            if (old.size() > 1 || fresh.size() > 1) {
                unclear++;
            } else {
                states.add(new OnNode(
                        node, old.stream().findFirst(), fresh.stream().findFirst()));
            }
        }
        return surge > 0 ? surging(pods, states, surge) : inPlace(pods, states, Math.max(1, unavailable) - unclear);
    }

    /// Old pods that do not serve go at once, others as far as enough others serve.
    private static DaemonRollout inPlace(DaemonPods pods, List<OnNode> states, int unavailable) {
        List<ObjectNode> deleted = new ArrayList<>();
        List<ObjectNode> candidates = new ArrayList<>();
        int room = unavailable;
        for (OnNode state : states) {
            Optional<ObjectNode> serving = state.fresh().or(state::old).filter(pods::isAvailable);
            room -= serving.isEmpty() ? 1 : 0;
            boolean spare = serving.isEmpty() || state.fresh().isPresent();
            state.old().ifPresent(pod -> (spare ? deleted : candidates).add(pod));
        }
        candidates.stream().limit(Math.max(0, room)).forEach(deleted::add);
        return new DaemonRollout(deleted, List.of());
    }

    /// New pods come first, as many at once as the surge allows; an old one goes when its successor serves.
    private static DaemonRollout surging(DaemonPods pods, List<OnNode> states, int surge) {
        List<ObjectNode> deleted = new ArrayList<>();
        List<String> created = new ArrayList<>();
        List<String> candidates = new ArrayList<>();
        int room = surge;
        for (OnNode state : states) {
            if (state.old().isPresent() && state.fresh().isEmpty()) {
                (pods.isAvailable(state.old().get()) ? candidates : created).add(state.node());
            } else if (state.old().isPresent()) {
                boolean served = state.fresh().filter(pods::isAvailable).isPresent();
                state.old().filter(_ -> served).ifPresent(deleted::add);
                room -= served ? 0 : 1;
            }
        }
        candidates.stream().limit(Math.max(0, room)).forEach(created::add);
        return new DaemonRollout(deleted, created);
    }
}
