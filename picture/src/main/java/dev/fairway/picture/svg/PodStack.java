package dev.fairway.picture.svg;

import dev.fairway.address.IpAddress;
import dev.fairway.picture.PodState;
import dev.fairway.picture.Scene;
import dev.fairway.picture.SceneNode;
import dev.fairway.picture.ScenePod;
import dev.fairway.picture.SceneService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// The pods inside their node, one below the other.
final class PodStack {

    private static final int ROWS_MAX = 8;
    private static final int ROWS_MIN = 2;
    private static final int SPACE = 8;
    private static final int MARK_WIDTH = 24;

    private final Scene scene;
    private final Grid grid;
    private final int rows;
    private final int podHeight;
    private final Set<String> served = new HashSet<>();

    PodStack(Scene scene, Grid grid) {
        this.scene = scene;
        this.grid = grid;
        int most = grid.shown().stream()
                .mapToInt(node -> scene.podsOn(node.name()).size())
                .max()
                .orElse(0);
        this.rows = Math.clamp(most, ROWS_MIN, ROWS_MAX);
        int lines = scene.pods().stream()
                .mapToInt(pod -> pod.addresses().size())
                .max()
                .orElse(1);
        this.podHeight = 12 + (1 + Math.max(1, lines)) * Grid.LINE;
        for (SceneService service : scene.services()) {
            service.endpoints().forEach(endpoint -> served.add(service.service().namespace() + "/" + endpoint.pod()));
        }
    }

    int height() {
        return rows * (podHeight + SPACE) + 2;
    }

    /// The pods of a node that are drawn: all, or when they are too many, those behind Services first.
    private List<ScenePod> drawn(SceneNode node) {
        List<ScenePod> all = scene.podsOn(node.name());
        if (all.size() <= ROWS_MAX) {
            return all;
        }
        return all.stream()
                .sorted(Comparator.comparing(pod -> !served.contains(pod.namespace() + "/" + pod.name())))
                .limit(ROWS_MAX - 1)
                .toList();
    }

    /// Where the middle of a pod is, below the top of the first one; empty when it is not drawn.
    OptionalInt middle(SceneNode node, String namespace, String name) {
        List<ScenePod> drawn = drawn(node);
        for (int row = 0; row < drawn.size(); row++) {
            if (drawn.get(row).name().equals(name) && drawn.get(row).namespace().equals(namespace)) {
                return OptionalInt.of(row * (podHeight + SPACE) + podHeight / 2);
            }
        }
        return OptionalInt.empty();
    }

    List<Shape> shapes(SceneNode node, int column, int top) {
        List<Shape> out = new ArrayList<>();
        List<ScenePod> drawn = drawn(node);
        for (int row = 0; row < drawn.size(); row++) {
            out.add(pod(drawn.get(row), column, top + row * (podHeight + SPACE)));
        }
        List<ScenePod> all = scene.podsOn(node.name());
        if (drawn.size() < all.size()) {
            List<ScenePod> rest =
                    all.stream().filter(pod -> !drawn.contains(pod)).toList();
            out.add(rest(node, rest, column, top + drawn.size() * (podHeight + SPACE)));
        }
        return out;
    }

    private Shape.Group pod(ScenePod pod, int column, int y) {
        int x = grid.podX(column);
        boolean ready = pod.state() == PodState.READY;
        List<Shape> parts = new ArrayList<>();
        parts.add(new Shape.Box(ready ? Look.POD : Look.GREY_POD, x, y, grid.podWidth(column), podHeight, 5));
        parts.addAll(mark(pod.state(), x + 13, y + 16));
        int width = grid.podWidth(column) - MARK_WIDTH - Grid.PAD;
        Look ink = ready ? Look.INK : Look.SOFT;
        parts.add(Shape.Label.fitted(ink, Grid.NAME_SIZE, x + MARK_WIDTH, y + 20, pod.name(), width));
        List<String> lines = lines(pod);
        for (int line = 0; line < lines.size(); line++) {
            int at = y + 20 + (line + 1) * Grid.LINE;
            parts.add(Shape.Label.fitted(Look.SOFT, Grid.TEXT_SIZE, x + MARK_WIDTH, at, lines.get(line), width));
        }
        String title = "pod " + pod.name() + " " + pod.state().words();
        return new Shape.Group("pod." + pod.namespace() + "." + pod.name(), Shape.Group.SYMBOL, title, parts);
    }

    private static List<String> lines(ScenePod pod) {
        String state = pod.state() == PodState.READY ? "" : "  " + pod.state().words();
        if (pod.addresses().isEmpty()) {
            return List.of("no address" + state);
        }
        List<String> out = new ArrayList<>();
        for (IpAddress address : pod.addresses()) {
            out.add(withPorts(address, pod.ports()) + (out.isEmpty() ? state : ""));
        }
        return out;
    }

    private static String withPorts(IpAddress address, List<Integer> ports) {
        return ports.isEmpty()
                ? address.toString()
                : address.withPort(ports.getFirst())
                        + ports.stream().skip(1).map(port -> ", " + port).collect(Collectors.joining());
    }

    /// Ready is a full disc, not ready a ring, terminating a cross.
    static List<Shape> mark(PodState state, int x, int y) {
        return switch (state) {
            case READY -> List.of(new Shape.Dot(Look.READY, x, y, 5));
            case NOT_READY -> List.of(new Shape.Dot(Look.HOLLOW, x, y, 5));
            case TERMINATING ->
                List.of(new Shape.Path(
                        Look.HOLLOW, "M" + (x - 4) + " " + (y - 4) + " l8 8 M" + (x + 4) + " " + (y - 4) + " l-8 8"));
        };
    }

    private Shape.Group rest(SceneNode node, List<ScenePod> pods, int column, int y) {
        long ready = pods.stream().filter(pod -> pod.state() == PodState.READY).count();
        String text = "and " + pods.size() + " more pods, " + ready + " ready";
        int x = grid.podX(column);
        int width = grid.podWidth(column);
        return new Shape.Group(
                "pods.more." + node.name(),
                Shape.Group.SYMBOL,
                text,
                List.of(
                        new Shape.Box(Look.POD, x, y, width, podHeight, 5),
                        Shape.Label.fitted(
                                Look.INK,
                                Grid.NAME_SIZE,
                                x + MARK_WIDTH,
                                y + 20,
                                text,
                                width - MARK_WIDTH - Grid.PAD)));
    }
}
