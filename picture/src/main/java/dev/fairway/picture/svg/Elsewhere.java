package dev.fairway.picture.svg;

import dev.fairway.picture.Scene;
import dev.fairway.picture.SceneEndpoint;
import dev.fairway.picture.SceneNode;
import dev.fairway.picture.ScenePod;
import dev.fairway.picture.SceneService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A line below the nodes for what is on none of them: pods that wait for a node, and endpoints that are no pods.
record Elsewhere(List<String> things, Grid grid) {

    private static final int HEIGHT = 28;

    static Elsewhere of(Scene scene, Grid grid) {
        Set<String> nodes = scene.nodes().stream().map(SceneNode::name).collect(Collectors.toSet());
        Set<String> out = new TreeSet<>();
        for (ScenePod pod : scene.pods()) {
            if (!nodes.contains(pod.node())) {
                out.add("pod " + pod.name() + " (" + pod.state().words() + ")");
            }
        }
        for (SceneService service : scene.services()) {
            for (SceneEndpoint endpoint : service.endpoints()) {
                if (endpoint.pod().isEmpty()) {
                    endpoint.addresses().forEach(address -> out.add(service.name() + " at " + address));
                }
            }
        }
        return new Elsewhere(new ArrayList<>(out), grid);
    }

    int height() {
        return things.isEmpty() ? 0 : HEIGHT + Grid.PAD;
    }

    List<Shape> shapes(int y) {
        if (things.isEmpty()) {
            return List.of();
        }
        String text = "on no node: " + String.join(", ", things);
        return List.of(new Shape.Group(
                "elsewhere",
                Shape.Group.OBJECT,
                text,
                List.of(
                        new Shape.Box(Look.GHOST, Grid.MARGIN, y, grid.width(), HEIGHT, 5),
                        Shape.Label.fitted(
                                Look.SOFT,
                                Grid.TEXT_SIZE,
                                Grid.MARGIN + Grid.PAD,
                                y + 18,
                                text,
                                grid.width() - 2 * Grid.PAD))));
    }
}
