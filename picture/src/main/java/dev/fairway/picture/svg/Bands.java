package dev.fairway.picture.svg;

import dev.fairway.picture.Scene;
import dev.fairway.picture.SceneService;
import dev.fairway.picture.ServiceType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The Services as bands across all nodes: a few with all they are, many as a row each, very many as a row for each
/// namespace.
sealed interface Bands {

    int SPACE = 8;

    /// How far a band sticks out of the nodes.
    int OVERHANG = 8;

    int height();

    List<Shape> shapes(int top);

    /// The right edge of all that belongs to the bands.
    int right();

    /// The lower edge of each Service's band; empty when they are too many to have lines.
    List<Integer> bottoms(int top);

    static Bands of(Scene scene, Grid grid) {
        int count = scene.services().size();
        if (count <= Grid.FULL_SERVICES) {
            return new Full(scene.services(), grid);
        }
        return new Rows(count <= Rows.SERVICES_MAX ? Rows.each(scene) : Rows.byNamespace(scene), grid);
    }

    /// Each Service with its rings.
    record Full(List<SceneService> services, Grid grid) implements Bands {

        @Override
        public int height() {
            return services.stream()
                    .mapToInt(service -> ServiceBand.height(service) + SPACE)
                    .sum();
        }

        @Override
        public List<Shape> shapes(int top) {
            List<Shape> out = new ArrayList<>();
            int y = top;
            for (SceneService service : services) {
                out.addAll(new ServiceBand(service, grid).shapes(y));
                y += ServiceBand.height(service) + SPACE;
            }
            return out;
        }

        @Override
        public int right() {
            boolean pointsOut = services.stream().anyMatch(service -> service.type() == ServiceType.EXTERNAL_NAME);
            return grid.right() + (pointsOut ? Grid.GAP + ServiceBand.TARGET_WIDTH : 0);
        }

        @Override
        public List<Integer> bottoms(int top) {
            List<Integer> out = new ArrayList<>();
            int y = top;
            for (SceneService service : services) {
                y += ServiceBand.height(service);
                out.add(y);
                y += SPACE;
            }
            return out;
        }
    }

    /// A line of text for each band.
    record Rows(List<Row> rows, Grid grid) implements Bands {

        static final int SERVICES_MAX = 60;

        private static final int NAMESPACES_MAX = 60;
        private static final int HEIGHT = 22;

        /// @param alarm whether what stands on the right needs attention
        record Row(String id, Look look, String left, String right, boolean alarm) {}

        static List<Row> each(Scene scene) {
            return scene.services().stream().map(Rows::row).toList();
        }

        private static Row row(SceneService service) {
            String what = service.type() == ServiceType.EXTERNAL_NAME
                    ? Words.target(service)
                    : Words.addresses(service).getFirst();
            String ports = service.type().hasNodePorts() ? "  node port " + Words.nodePorts(service) : "";
            boolean points = service.type() == ServiceType.EXTERNAL_NAME;
            return new Row(
                    "svc." + service.service().namespace() + "." + service.name(),
                    ServiceBand.look(service.type()),
                    service.type().apiName() + "  " + service.name() + "  " + what + ports,
                    points ? "points out" : Words.ready(service),
                    !points && service.readyCount() == 0);
        }

        static List<Row> byNamespace(Scene scene) {
            List<Row> out = new ArrayList<>();
            scene.services().stream()
                    .collect(Collectors.groupingBy(
                            service -> service.service().namespace(), java.util.TreeMap::new, Collectors.toList()))
                    .forEach((namespace, services) -> out.add(namespace(namespace, services)));
            if (out.size() <= NAMESPACES_MAX) {
                return out;
            }
            Row more = new Row(
                    "namespaces.more",
                    Look.GHOST,
                    "and " + (out.size() - NAMESPACES_MAX + 1) + " more namespaces",
                    "",
                    false);
            List<Row> shown = new ArrayList<>(out.subList(0, NAMESPACES_MAX - 1));
            shown.add(more);
            return shown;
        }

        private static Row namespace(String namespace, List<SceneService> services) {
            StringBuilder types = new StringBuilder();
            for (ServiceType type : ServiceType.values()) {
                long count = services.stream()
                        .filter(service -> service.type() == type)
                        .count();
                types.append(count == 0 ? "" : ", " + count + " " + type.apiName());
            }
            long silent = services.stream()
                    .filter(service -> service.type() != ServiceType.EXTERNAL_NAME && service.readyCount() == 0)
                    .count();
            return new Row(
                    "namespace." + namespace,
                    Look.CLUSTER_IP,
                    "namespace " + namespace + ": " + SvgPicture.counted(services.size(), "Service") + types,
                    silent == 0 ? "all answer" : silent + " without a ready endpoint",
                    silent > 0);
        }

        @Override
        public int height() {
            return rows.size() * (HEIGHT + SPACE / 2);
        }

        @Override
        public List<Shape> shapes(int top) {
            List<Shape> out = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                out.add(shape(rows.get(i), top + i * (HEIGHT + SPACE / 2)));
            }
            return out;
        }

        private Shape.Group shape(Row row, int y) {
            int x = Grid.MARGIN - OVERHANG;
            int width = grid.width() + 2 * OVERHANG;
            int stateWidth = Glyphs.width(row.right(), Grid.TEXT_SIZE);
            int stateX = x + width - Grid.PAD - stateWidth;
            return new Shape.Group(
                    row.id(),
                    Shape.Group.OBJECT,
                    row.left() + "  " + row.right(),
                    List.of(
                            new Shape.Box(row.look(), x, y, width, HEIGHT, 4),
                            Shape.Label.fitted(
                                    Look.INK,
                                    Grid.TEXT_SIZE,
                                    x + Grid.PAD,
                                    y + 15,
                                    row.left(),
                                    stateX - x - 3 * Grid.PAD),
                            Shape.Label.fitted(
                                    row.alarm() ? Look.ALARM : Look.SOFT,
                                    Grid.TEXT_SIZE,
                                    stateX,
                                    y + 15,
                                    row.right(),
                                    stateWidth)));
        }

        @Override
        public int right() {
            return grid.right();
        }

        @Override
        public List<Integer> bottoms(int top) {
            return List.of();
        }
    }
}
