package dev.fairway.picture;

import java.util.List;

/// What a picture shows: nodes, pods and Services, as they are declared and as they were last observed by the cluster
/// itself. Equal scenes are drawn alike, to the byte.
///
/// @param title what the picture is of
/// @param nodes in the order of their names, `node-2` before `node-10`
/// @param pods in the order of their names; ended ones are left out
/// @param services in the order of their names
public record Scene(String title, List<SceneNode> nodes, List<ScenePod> pods, List<SceneService> services) {

    public Scene {
        nodes = List.copyOf(nodes);
        pods = List.copyOf(pods);
        services = List.copyOf(services);
    }

    public List<ScenePod> podsOn(String node) {
        return pods.stream().filter(pod -> pod.node().equals(node)).toList();
    }

    /// Neither a Service nor a pod.
    public boolean isBare() {
        return services.isEmpty() && pods.isEmpty();
    }
}
