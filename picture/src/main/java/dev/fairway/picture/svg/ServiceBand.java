package dev.fairway.picture.svg;

import dev.fairway.picture.SceneNode;
import dev.fairway.picture.SceneService;
import dev.fairway.picture.ServiceType;
import dev.fairway.table.TrafficPolicy.Scope;
import java.util.ArrayList;
import java.util.List;

/// One Service as a band: the cluster IP in the core, a ring around it for the node ports, and one more for the load
/// balancer, since each type is built on the one inside.
record ServiceBand(SceneService service, Grid grid) {

    static final int TARGET_WIDTH = 240;

    private static final int RING_TOP = 22;
    private static final int RING_BOTTOM = 6;
    private static final int INSET = 7;
    private static final int CORE_TOP = 24;
    private static final int TARGET_HEIGHT = 44;

    static Look look(ServiceType type) {
        return switch (type) {
            case CLUSTER_IP -> Look.CLUSTER_IP;
            case NODE_PORT -> Look.NODE_PORT;
            case LOAD_BALANCER -> Look.BALANCER;
            case EXTERNAL_NAME -> Look.EXTERNAL;
        };
    }

    static int height(SceneService service) {
        return coreHeight(service) + rings(service.type()).size() * (RING_TOP + RING_BOTTOM);
    }

    private static int coreHeight(SceneService service) {
        int lines = Words.addresses(service).size() + (service.type() == ServiceType.EXTERNAL_NAME ? 0 : 1);
        return CORE_TOP + lines * Grid.LINE + 4;
    }

    /// From the outermost inwards.
    private static List<ServiceType> rings(ServiceType type) {
        return switch (type) {
            case CLUSTER_IP, EXTERNAL_NAME -> List.of();
            case NODE_PORT -> List.of(ServiceType.NODE_PORT);
            case LOAD_BALANCER -> List.of(ServiceType.LOAD_BALANCER, ServiceType.NODE_PORT);
        };
    }

    List<Shape> shapes(int y) {
        int x = Grid.MARGIN - Bands.OVERHANG;
        int width = grid.width() + 2 * Bands.OVERHANG;
        List<Shape> out = new ArrayList<>();
        out.add(wrapped(rings(service.type()), x, y, width));
        if (service.type() == ServiceType.EXTERNAL_NAME) {
            out.addAll(target(y));
        }
        return out;
    }

    private Shape.Group wrapped(List<ServiceType> rings, int x, int y, int width) {
        if (rings.isEmpty()) {
            return core(x, y, width);
        }
        ServiceType ring = rings.getFirst();
        List<Shape> parts = new ArrayList<>();
        int inner = coreHeight(service) + (rings.size() - 1) * (RING_TOP + RING_BOTTOM);
        parts.add(new Shape.Box(look(ring), x, y, width, RING_TOP + inner + RING_BOTTOM, 6));
        String text = ringText(ring);
        int textX = Math.max(x + Grid.PAD, grid.podX(0));
        parts.add(Shape.Label.fitted(Look.INK, Grid.TEXT_SIZE, textX, y + 15, text, x + width - Grid.PAD - textX));
        parts.add(wrapped(rings.subList(1, rings.size()), x + INSET, y + RING_TOP, width - 2 * INSET));
        return new Shape.Group(id() + "." + ring.apiName(), Shape.Group.OBJECT, text, parts);
    }

    private String ringText(ServiceType ring) {
        if (ring == ServiceType.LOAD_BALANCER) {
            return "LoadBalancer  " + Words.balancers(service);
        }
        String local = service.external() == Scope.LOCAL ? "  Local: only to pods of the node that was asked" : "";
        return "NodePort  " + Words.nodePorts(service) + " on every node" + local;
    }

    private Shape.Group core(int x, int y, int width) {
        List<Shape> parts = new ArrayList<>();
        ServiceType type = service.type() == ServiceType.EXTERNAL_NAME ? service.type() : ServiceType.CLUSTER_IP;
        parts.add(new Shape.Box(look(type), x, y, width, coreHeight(service), 6));
        int textX = Math.max(x + Grid.PAD, grid.podX(0));
        int textWidth = x + width - Grid.PAD - textX;
        String local = service.internal() == Scope.LOCAL ? "  Local: only to pods of the client's node" : "";
        parts.add(Shape.Label.fitted(
                Look.INK, Grid.NAME_SIZE, textX, y + 17, type.apiName() + "  " + service.name() + local, textWidth));
        int line = y + 17;
        for (String address : Words.addresses(service)) {
            line += Grid.LINE;
            parts.add(Shape.Label.fitted(Look.INK, Grid.TEXT_SIZE, textX, line, address, textWidth));
        }
        if (type == ServiceType.CLUSTER_IP) {
            parts.addAll(counts(line + Grid.LINE));
        }
        return new Shape.Group(id(), Shape.Group.OBJECT, title(), parts);
    }

    private String id() {
        return "svc." + service.service().namespace() + "." + service.name();
    }

    private String title() {
        return "Service " + service.name() + " of type " + service.type().apiName() + ", "
                + (service.externalName().isEmpty() ? Words.ready(service) : "points to " + service.externalName());
    }

    /// What the Service has on each node, in that node's column.
    private List<Shape> counts(int y) {
        List<Shape> out = new ArrayList<>();
        for (int column = 0; column < grid.shown().size(); column++) {
            SceneNode node = grid.shown().get(column);
            boolean dropped = Words.isLocal(service) && SceneService.readyAmong(service.endpointsOn(node.name())) == 0;
            out.add(Shape.Label.fitted(
                    dropped ? Look.ALARM : Look.SOFT,
                    Grid.TEXT_SIZE,
                    grid.podX(column) + Grid.PAD,
                    y,
                    Words.onNode(service, node),
                    grid.podWidth(column) - 2 * Grid.PAD));
        }
        return out;
    }

    /// Where an external name points: to the right, out of the cluster.
    private List<Shape> target(int y) {
        int x = grid.right() + Grid.GAP;
        int middle = y + coreHeight(service) / 2;
        List<Shape> out = new ArrayList<>(Arrows.right(Look.FLOW, grid.right() + Bands.OVERHANG, middle, x));
        int top = middle - TARGET_HEIGHT / 2;
        int width = TARGET_WIDTH - 2 * Grid.PAD;
        out.add(new Shape.Group(
                id() + ".target",
                Shape.Group.OBJECT,
                "outside the cluster: " + Words.target(service),
                List.of(
                        new Shape.Box(Look.OUTSIDE, x, top, TARGET_WIDTH, TARGET_HEIGHT, 6),
                        Shape.Label.fitted(Look.SOFT, Grid.TEXT_SIZE, x + Grid.PAD, top + 17, "outside", width),
                        Shape.Label.fitted(
                                Look.INK, Grid.TEXT_SIZE, x + Grid.PAD, top + 34, Words.target(service), width))));
        return out;
    }
}
