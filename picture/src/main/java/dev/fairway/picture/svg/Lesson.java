package dev.fairway.picture.svg;

import dev.fairway.picture.ServiceType;
import java.util.ArrayList;
import java.util.List;

/// What an empty cluster shows in place of Services: the four types, and how to make one of each.
final class Lesson {

    private static final int BOX_HEIGHT = 46;
    private static final int SPACE = 8;

    static final int HEIGHT = 4 * (BOX_HEIGHT + SPACE);

    private Lesson() {}

    static List<Shape> shapes(Grid grid, int top) {
        List<Shape> out = new ArrayList<>();
        int y = top;
        for (ServiceType type : ServiceType.values()) {
            out.add(ghost(type, grid, y));
            y += BOX_HEIGHT + SPACE;
        }
        return out;
    }

    private static Shape.Group ghost(ServiceType type, Grid grid, int y) {
        int x = Grid.MARGIN - Bands.OVERHANG;
        int width = grid.width() + 2 * Bands.OVERHANG;
        int textWidth = width - 2 * Grid.PAD;
        String what = type.apiName() + ": " + meaning(type);
        return new Shape.Group(
                "lesson." + type.apiName(),
                Shape.Group.OBJECT,
                what,
                List.of(
                        new Shape.Box(Look.GHOST, x, y, width, BOX_HEIGHT, 6),
                        Shape.Label.fitted(Look.INK, Grid.NAME_SIZE, x + Grid.PAD, y + 18, what, textWidth),
                        Shape.Label.fitted(Look.SOFT, Grid.TEXT_SIZE, x + Grid.PAD, y + 36, command(type), textWidth)));
    }

    private static String meaning(ServiceType type) {
        return switch (type) {
            case CLUSTER_IP -> "one address and one name inside the cluster, for all pods behind it";
            case NODE_PORT -> "that, and a door on every node";
            case LOAD_BALANCER -> "all that, and one address outside";
            case EXTERNAL_NAME -> "a name inside for a server outside";
        };
    }

    private static String command(ServiceType type) {
        return switch (type) {
            case CLUSTER_IP -> "kubectl expose deployment web --port=80";
            case NODE_PORT, LOAD_BALANCER -> "kubectl expose deployment web --port=80 --type=" + type.apiName();
            case EXTERNAL_NAME -> "kubectl create service externalname web --external-name=example.com";
        };
    }
}
