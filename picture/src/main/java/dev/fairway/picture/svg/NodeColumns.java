package dev.fairway.picture.svg;

import dev.fairway.address.IpAddress;
import dev.fairway.picture.Scene;
import dev.fairway.picture.SceneNode;
import dev.fairway.picture.ScenePort;
import dev.fairway.picture.SceneService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The nodes side by side: their doors on top, their addresses, room for the bands, their pods.
final class NodeColumns {

    private static final int DOOR_HEIGHT = 22;
    private static final int DOORS_MAX = 4;
    private static final int NAME_HEIGHT = 22;

    private final Scene scene;
    private final Grid grid;
    private final int top;
    private final List<Door> doors;
    private final PodStack pods;
    private final int addressLines;

    /// A node port of a Service.
    private record Door(SceneService service, ScenePort port) {}

    NodeColumns(Scene scene, Grid grid, int top) {
        this.scene = scene;
        this.grid = grid;
        this.top = top;
        this.doors = doors(scene);
        this.pods = new PodStack(scene, grid);
        // of the nodes that are not shown, a line says how many pods they have
        int least = grid.hidden().isEmpty() ? 0 : 1;
        this.addressLines = Math.max(
                least,
                scene.nodes().stream()
                        .mapToInt(node -> node.outside().size() + node.inside().size())
                        .max()
                        .orElse(0));
    }

    private static List<Door> doors(Scene scene) {
        List<Door> out = new ArrayList<>();
        for (SceneService service : scene.services()) {
            service.ports().stream()
                    .filter(port -> port.nodePort() > 0)
                    .forEach(port -> out.add(new Door(service, port)));
        }
        return out;
    }

    private int doorRows() {
        return Math.min(doors.size(), DOORS_MAX);
    }

    private int namesTop() {
        return top + doorRows() * DOOR_HEIGHT;
    }

    int bandsTop() {
        return namesTop() + NAME_HEIGHT + addressLines * Grid.LINE + Grid.PAD;
    }

    PodStack pods() {
        return pods;
    }

    /// The lower edge of all nodes.
    int bottom(int podsTop) {
        return podsTop + pods.height();
    }

    List<Shape> shapes(int podsTop) {
        List<Shape> out = new ArrayList<>();
        for (int column = 0; column < grid.shown().size(); column++) {
            out.add(node(grid.shown().get(column), column, podsTop));
        }
        if (!grid.hidden().isEmpty()) {
            out.add(hidden(grid.shown().size(), podsTop));
        }
        return out;
    }

    private Shape.Group node(SceneNode node, int column, int podsTop) {
        List<Shape> parts = new ArrayList<>();
        parts.add(frame(column, podsTop));
        for (int row = 0; row < doorRows(); row++) {
            parts.add(door(node, column, row));
        }
        int x = Grid.x(column) + Grid.PAD;
        int width = Grid.NODE_WIDTH - 2 * Grid.PAD;
        String name = node.ready() ? node.name() : node.name() + "  not ready";
        int y = namesTop() + 17;
        parts.add(Shape.Label.fitted(Look.INK, Grid.TITLE_SIZE, x, y, name, width));
        for (IpAddress address : node.outside()) {
            y += Grid.LINE;
            parts.add(Shape.Label.fitted(Look.SOFT, Grid.TEXT_SIZE, x, y, "outside " + address, width));
        }
        for (IpAddress address : node.inside()) {
            y += Grid.LINE;
            parts.add(Shape.Label.fitted(Look.SOFT, Grid.TEXT_SIZE, x, y, "inside " + address, width));
        }
        parts.addAll(pods.shapes(node, column, podsTop));
        String title = "node " + name + ", "
                + SvgPicture.counted(scene.podsOn(node.name()).size(), "pod");
        return new Shape.Group("node." + node.name(), Shape.Group.OBJECT, title, parts);
    }

    private Shape.Box frame(int column, int podsTop) {
        return new Shape.Box(Look.NODE, Grid.x(column), top, Grid.NODE_WIDTH, bottom(podsTop) - top, 8);
    }

    /// A door is in the node's upper edge, with a knob.
    private Shape.Group door(SceneNode node, int column, int row) {
        int x = Grid.x(column) + Grid.PAD;
        int y = top + row * DOOR_HEIGHT;
        int width = Grid.NODE_WIDTH - 2 * Grid.PAD;
        Door door = doors.get(row);
        boolean shared = row == DOORS_MAX - 1 && doors.size() > DOORS_MAX;
        String text = shared ? "and " + (doors.size() - row) + " more node ports" : text(door, node);
        String title = shared ? text : "door for " + door.service().name() + " at " + text;
        int knob = x + width - 12;
        return new Shape.Group(
                "door." + node.name() + "." + row,
                Shape.Group.SYMBOL,
                title,
                List.of(
                        new Shape.Box(Look.NODE_PORT, x, y, width, DOOR_HEIGHT - 3, 4),
                        Shape.Label.fitted(Look.INK, Grid.TEXT_SIZE, x + Grid.PAD, y + 14, text, width - Grid.PAD - 30),
                        new Shape.Dot(Look.READY, knob, y + 9, 3)));
    }

    private static String text(Door door, SceneNode node) {
        int port = door.port().nodePort();
        String place =
                node.doors().isEmpty() ? ":" + port : node.doors().getFirst().withPort(port);
        return place + door.port().protocolWords() + "  " + door.service().name();
    }

    private Shape.Group hidden(int column, int podsTop) {
        int x = Grid.x(column) + Grid.PAD;
        int width = Grid.NODE_WIDTH - 2 * Grid.PAD;
        Set<String> names = grid.hidden().stream().map(SceneNode::name).collect(Collectors.toSet());
        long count =
                scene.pods().stream().filter(pod -> names.contains(pod.node())).count();
        long unready = grid.hidden().stream().filter(node -> !node.ready()).count();
        String name = "and " + grid.hidden().size() + " more nodes";
        String text = SvgPicture.counted(count, "pod") + (unready == 0 ? "" : ", " + unready + " nodes not ready");
        return new Shape.Group(
                "nodes.more",
                Shape.Group.OBJECT,
                name,
                List.of(
                        frame(column, podsTop),
                        Shape.Label.fitted(Look.INK, Grid.TITLE_SIZE, x, namesTop() + 17, name, width),
                        Shape.Label.fitted(Look.SOFT, Grid.TEXT_SIZE, x, namesTop() + 17 + Grid.LINE, text, width)));
    }
}
