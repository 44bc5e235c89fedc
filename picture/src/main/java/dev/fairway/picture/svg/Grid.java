package dev.fairway.picture.svg;

import dev.fairway.picture.Scene;
import dev.fairway.picture.SceneNode;
import dev.fairway.picture.SceneService;
import java.util.List;

/// The columns of a picture. A column's place depends on how many nodes there are and on nothing else, so whatever
/// happens to pods and Services, no node moves sideways.
///
/// @param shown the nodes with a column of their own
/// @param hidden nodes that share one more column
/// @param lanes how many Services have a line down to their pods
record Grid(List<SceneNode> shown, List<SceneNode> hidden, int lanes) {

    static final int MARGIN = 16;
    static final int NODE_WIDTH = 320;
    static final int GAP = 24;
    static final int PAD = 10;
    static final int LINE = 16;

    static final int TITLE_SIZE = 15;
    static final int NAME_SIZE = 13;
    static final int TEXT_SIZE = 12;

    /// More Services than this are a row each, without rings and lines.
    static final int FULL_SERVICES = 4;

    private static final int COLUMNS_MAX = 6;
    private static final int LANE_START = 12;
    private static final int LANE_STEP = 9;

    static Grid of(Scene scene) {
        List<SceneNode> nodes = scene.nodes();
        int own = nodes.size() <= COLUMNS_MAX ? nodes.size() : COLUMNS_MAX - 1;
        int lanes = scene.services().size() > FULL_SERVICES
                ? 0
                : (int) scene.services().stream().filter(Grid::hasPods).count();
        return new Grid(nodes.subList(0, own), nodes.subList(own, nodes.size()), lanes);
    }

    static boolean hasPods(SceneService service) {
        return !service.endpoints().isEmpty();
    }

    int columns() {
        return shown.size() + (hidden.isEmpty() ? 0 : 1);
    }

    /// The left edge of a column.
    static int x(int column) {
        return MARGIN + column * (NODE_WIDTH + GAP);
    }

    /// As wide as two nodes at least: names need room.
    int width() {
        int columns = Math.max(2, columns());
        return columns * (NODE_WIDTH + GAP) - GAP;
    }

    int right() {
        return MARGIN + width();
    }

    static int laneX(int column, int lane) {
        return x(column) + LANE_START + lane * LANE_STEP;
    }

    int podX(int column) {
        return lanes == 0 ? x(column) + PAD : laneX(column, lanes) + PAD;
    }

    int podWidth(int column) {
        return x(column) + NODE_WIDTH - PAD - podX(column);
    }
}
