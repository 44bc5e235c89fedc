package dev.fairway.picture.svg;

import dev.fairway.picture.PodState;
import dev.fairway.picture.Scene;
import dev.fairway.picture.SceneService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Draws a scene as SVG, in the order in which a connection travels: the outside with its clients, the load balancer,
/// the doors of the nodes, the Services as bands across all nodes, the pods inside their node.
///
/// Equal scenes give equal bytes. A picture has less than 2,000 elements, however large the scene is: many Services are
/// a row each, then a row for each namespace; many nodes share a column; many pods share a line.
public final class SvgPicture {

    private static final int NODES_BELOW = 14;

    private final Scene scene;
    private final Grid grid;
    private final List<Shape> shapes = new ArrayList<>();

    private SvgPicture(Scene scene) {
        this.scene = scene;
        this.grid = Grid.of(scene);
    }

    public static String draw(Scene scene) {
        return draw(scene, SvgWriter::write);
    }

    /// The same picture in parts.
    public static Frame frame(Scene scene) {
        return draw(scene, SvgWriter::frame);
    }

    static <T> T draw(Scene scene, Pen<T> pen) {
        return new SvgPicture(scene).draw(pen);
    }

    /// The colours of all pictures, light and dark, as CSS.
    public static String styleSheet() {
        return Look.styleSheet();
    }

    /// Makes something of the shapes of a picture, in the order in which they are painted.
    @FunctionalInterface
    interface Pen<T> {
        T write(String title, String description, int width, int height, List<Shape> shapes);
    }

    private <T> T draw(Pen<T> pen) {
        Front front = Front.of(scene, grid);
        Bands bands = Bands.of(scene, grid);
        NodeColumns nodes = new NodeColumns(scene, grid, front.nodesTop());
        int bandsTop = nodes.bandsTop();
        int podsTop = bandsTop + (scene.isBare() ? Lesson.HEIGHT : bands.height()) + Grid.PAD;
        shapes.addAll(front.shapes());
        shapes.addAll(nodes.shapes(podsTop));
        if (scene.isBare()) {
            shapes.addAll(Lesson.shapes(grid, bandsTop));
        } else {
            shapes.addAll(Lanes.shapes(scene, grid, bands.bottoms(bandsTop), nodes, podsTop));
            shapes.addAll(bands.shapes(bandsTop));
        }
        Elsewhere elsewhere = Elsewhere.of(scene, grid);
        int below = nodes.bottom(podsTop) + NODES_BELOW;
        shapes.addAll(elsewhere.shapes(below));
        int width = bands.right() + Grid.MARGIN;
        int height = below + elsewhere.height() + 2;
        shapes.addFirst(new Shape.Box(Look.GROUND, 0, 0, width, height, 0));
        return pen.write(scene.title(), description(scene), width, height, shapes);
    }

    /// The picture in words, for those who do not see it.
    private static String description(Scene scene) {
        String counts = counted(scene.nodes().size(), "node") + ", "
                + counted(scene.pods().size(), "pod") + ", "
                + counted(scene.services().size(), "Service") + ".";
        if (scene.services().size() > Grid.FULL_SERVICES) {
            return counts;
        }
        return scene.services().stream()
                .map(SvgPicture::sentence)
                .collect(Collectors.joining(" ", counts + " ", ""))
                .strip();
    }

    private static String sentence(SceneService service) {
        String name = service.name() + " is of type " + service.type().apiName();
        if (!service.externalName().isEmpty()) {
            return name + " and points to " + service.externalName() + ".";
        }
        return name + ": " + service.readyCount() + " of "
                + counted(service.endpoints().size(), "endpoint") + " " + PodState.READY.words() + ".";
    }

    static String counted(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
