package dev.fairway.picture.svg;

import dev.fairway.picture.Scene;
import dev.fairway.picture.SceneService;
import dev.fairway.picture.ServiceType;
import java.util.ArrayList;
import java.util.List;

/// What is in front of the nodes: the outside with its clients, the load balancer, and the arrows that lead in.
record Front(List<Shape> shapes, int nodesTop) {

    private static final int OUTSIDE_HEIGHT = 40;
    private static final int STREET = 34;
    private static final int BALANCER_WIDTH = 440;
    private static final int BALANCER_ROWS = 6;
    private static final int DOOR_LANE = 24;

    Front {
        shapes = List.copyOf(shapes);
    }

    static Front of(Scene scene, Grid grid) {
        List<Shape> shapes = new ArrayList<>();
        shapes.add(outside(grid));
        int y = Grid.MARGIN + OUTSIDE_HEIGHT;
        int outsideBottom = y;
        List<SceneService> balanced = scene.services().stream()
                .filter(service -> service.type() == ServiceType.LOAD_BALANCER)
                .toList();
        int middle = Grid.MARGIN + grid.width() / 2;
        if (!balanced.isEmpty()) {
            y += STREET;
            shapes.addAll(Arrows.down(Look.FLOW, middle, outsideBottom, y));
            Shape.Group box = balancer(balanced, middle - BALANCER_WIDTH / 2, y);
            shapes.add(box);
            y += balancerHeight(balanced);
        }
        int nodesTop = y + STREET;
        int last = grid.shown().size();
        if (!balanced.isEmpty()) {
            for (int column = 0; column < last; column++) {
                int x = Grid.x(column) + Grid.NODE_WIDTH / 2;
                shapes.addAll(Arrows.bent(Look.FLOW, middle, y, y + STREET / 3, x, nodesTop));
            }
        }
        if (scene.services().stream().anyMatch(service -> service.type() == ServiceType.NODE_PORT)) {
            int start = Grid.x(0) + DOOR_LANE;
            for (int column = 0; column < last; column++) {
                int x = Grid.x(column) + DOOR_LANE;
                shapes.addAll(Arrows.bent(Look.FLOW, start, outsideBottom, nodesTop - STREET / 3, x, nodesTop));
            }
        }
        return new Front(shapes, nodesTop);
    }

    private static Shape.Group outside(Grid grid) {
        int y = Grid.MARGIN;
        int x = Grid.MARGIN;
        int base = y + OUTSIDE_HEIGHT / 2 + 5;
        List<Shape> parts = new ArrayList<>();
        parts.add(new Shape.Box(Look.OUTSIDE, x, y, grid.width(), OUTSIDE_HEIGHT, 6));
        parts.add(Shape.Label.fitted(Look.INK, Grid.TITLE_SIZE, x + Grid.PAD, base, "outside", 100));
        for (int client = 0; client < 3; client++) {
            int at = x + grid.width() / 2 - 20 + client * 20;
            parts.add(new Shape.Dot(Look.HOLLOW, at, y + 13, 5));
            parts.add(new Shape.Path(Look.HOLLOW, "M" + (at - 8) + " " + (y + 32) + " a8 12 0 0 1 16 0"));
        }
        parts.add(Shape.Label.fitted(Look.SOFT, Grid.TEXT_SIZE, x + grid.width() / 2 + 40, base, "clients", 100));
        return new Shape.Group("outside", Shape.Group.OBJECT, "outside the cluster, with its clients", parts);
    }

    private static int balancerHeight(List<SceneService> balanced) {
        return 28 + Math.min(balanced.size(), BALANCER_ROWS) * Grid.LINE;
    }

    private static Shape.Group balancer(List<SceneService> balanced, int x, int y) {
        List<Shape> parts = new ArrayList<>();
        parts.add(new Shape.Box(Look.BALANCER, x, y, BALANCER_WIDTH, balancerHeight(balanced), 6));
        parts.add(Shape.Label.fitted(
                Look.INK, Grid.NAME_SIZE, x + Grid.PAD, y + 18, "load balancer", BALANCER_WIDTH - 2 * Grid.PAD));
        int rows = Math.min(balanced.size(), BALANCER_ROWS);
        for (int row = 0; row < rows; row++) {
            boolean shared = row == BALANCER_ROWS - 1 && balanced.size() > BALANCER_ROWS;
            String text = shared
                    ? "and " + (balanced.size() - row) + " more"
                    : Words.balancers(balanced.get(row)) + "  "
                            + balanced.get(row).name();
            parts.add(Shape.Label.fitted(
                    Look.INK,
                    Grid.TEXT_SIZE,
                    x + Grid.PAD,
                    y + 34 + row * Grid.LINE,
                    text,
                    BALANCER_WIDTH - 2 * Grid.PAD));
        }
        return new Shape.Group("load-balancer", Shape.Group.OBJECT, "load balancer in front of all nodes", parts);
    }
}
