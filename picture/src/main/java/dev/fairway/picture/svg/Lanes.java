package dev.fairway.picture.svg;

import dev.fairway.picture.PodState;
import dev.fairway.picture.Scene;
import dev.fairway.picture.SceneEndpoint;
import dev.fairway.picture.SceneNode;
import dev.fairway.picture.SceneService;
import java.util.ArrayList;
import java.util.List;

/// The lines from a Service's band down to its pods: whole for those that get connections, dotted for those that do
/// not.
final class Lanes {

    private Lanes() {}

    /// @param bottoms where each Service's band ends; none when Services are too many for lines
    static List<Shape> shapes(Scene scene, Grid grid, List<Integer> bottoms, NodeColumns nodes, int podsTop) {
        List<Shape> out = new ArrayList<>();
        int lane = 0;
        for (int i = 0; i < bottoms.size(); i++) {
            SceneService service = scene.services().get(i);
            if (Grid.hasPods(service)) {
                for (int column = 0; column < grid.shown().size(); column++) {
                    List<Shape> arrows = node(service, grid, column, lane, bottoms.get(i), nodes, podsTop);
                    if (!arrows.isEmpty()) {
                        out.add(lane(service, grid.shown().get(column), arrows));
                    }
                }
                lane++;
            }
        }
        return out;
    }

    private static Shape lane(SceneService service, SceneNode node, List<Shape> arrows) {
        return new Shape.Group(
                "lane." + service.service().namespace() + "." + service.name() + "." + node.name(),
                Shape.Group.SYMBOL,
                "from " + service.name() + " to its pods on " + node.name(),
                arrows);
    }

    private static List<Shape> node(
            SceneService service, Grid grid, int column, int lane, int bandBottom, NodeColumns nodes, int podsTop) {
        List<Shape> out = new ArrayList<>();
        SceneNode node = grid.shown().get(column);
        for (SceneEndpoint endpoint : service.endpointsOn(node.name())) {
            Look look = endpoint.state() == PodState.READY ? Look.FLOW : Look.IDLE_FLOW;
            nodes.pods()
                    .middle(node, service.service().namespace(), endpoint.pod())
                    .ifPresent(middle -> out.addAll(Arrows.branch(
                            look, Grid.laneX(column, lane), bandBottom, podsTop + middle, grid.podX(column))));
        }
        return out;
    }
}
