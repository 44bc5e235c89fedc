package dev.fairway.picture.explain;

import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Connections to pods that end before everybody knows, or that ended long ago.
final class RolloutCheck {

    private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    private static final String CONTROLLER = "endpointslice-controller.k8s.io";
    private static final int PODS_SHOWN = 5;

    private RolloutCheck() {}

    /// @param pods those behind the Service
    static Optional<Finding> hasty(ObjectKey key, List<ObjectNode> pods) {
        List<String> hasty = pods.stream()
                .filter(pod -> ReadinessCheck.isReady(pod)
                        && Tree.number(pod, -1, "spec", "terminationGracePeriodSeconds") == 0)
                .map(Meta::name)
                .sorted()
                .toList();
        return hasty.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        Code.KILLED_AT_ONCE,
                        key,
                        "its pods are killed at once when they are deleted: that cuts their connections, and nodes"
                                + " send to them until they know",
                        List.of("terminationGracePeriodSeconds: 0 in pods "
                                + String.join(
                                        ", ", hasty.stream().limit(PODS_SHOWN).toList())),
                        "kubectl explain pod.spec.terminationGracePeriodSeconds"));
    }

    /// Endpoints of slices that no controller keeps up to date.
    ///
    /// @param slices its own
    /// @param pods the keys of those that are there
    static Optional<Finding> stale(ObjectKey key, List<ObjectNode> slices, Set<ObjectKey> pods) {
        List<String> gone = slices.stream()
                .filter(slice ->
                        !Meta.labels(slice).getOrDefault(MANAGED_BY, "").equals(CONTROLLER))
                .flatMap(slice -> gone(slice, pods))
                .toList();
        return gone.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        Code.ENDPOINT_WITHOUT_POD,
                        key,
                        "endpoints that no controller keeps lead to pods that are not there",
                        gone.stream().limit(PODS_SHOWN).toList(),
                        "kubectl get endpointslices -n " + key.namespace() + " -l kubernetes.io/service-name="
                                + key.name()));
    }

    private static Stream<String> gone(ObjectNode slice, Set<ObjectKey> pods) {
        return Tree.objects(slice, "endpoints").stream()
                .filter(endpoint -> Tree.text(endpoint, "targetRef", "kind").equals("Pod"))
                .filter(endpoint ->
                        !pods.contains(new ObjectKey(Meta.namespace(slice), Tree.text(endpoint, "targetRef", "name"))))
                .map(endpoint -> "slice " + Meta.name(slice) + ": "
                        + String.join(", ", Tree.texts(endpoint, "addresses")) + " of pod "
                        + Tree.text(endpoint, "targetRef", "name"));
    }
}
