package dev.fairway.node.machine;

import java.util.ArrayList;
import java.util.List;

/// A cable between a host of a cluster on one machine and the switch of a segment, for those who look at its ends.
///
/// @param owner a node's name, `edge` or `outside`: the host is the namespace `CLUSTER-OWNER`
/// @param link the host's end
/// @param port the switch's end, in the namespace `CLUSTER-fabric`
public record MachineCable(Segment segment, String owner, String link, String port) {

    /// What the hosts share.
    public enum Segment {
        /// Joins nodes with the edge and the host outside.
        OUTSIDE,
        /// Joins nodes with each other.
        INSIDE
    }

    /// The namespace of the switches.
    public static final String FABRIC = "fabric";
    /// What routes between the outside and LoadBalancer addresses.
    public static final String EDGE = "edge";
    /// The host that stands for clients outside.
    public static final String OUTSIDE_HOST = "outside";

    private static final int NAME_MAX = 11;

    /// All of a cluster's, but for that of the machine itself.
    public static List<MachineCable> of(List<String> nodes) {
        List<MachineCable> out = new ArrayList<>();
        out.add(new MachineCable(Segment.OUTSIDE, EDGE, Machine.OUTSIDE_LINK, EDGE));
        out.add(new MachineCable(Segment.OUTSIDE, OUTSIDE_HOST, Machine.OUTSIDE_LINK, OUTSIDE_HOST));
        for (String node : nodes) {
            for (Segment segment : Segment.values()) {
                out.add(new MachineCable(segment, node, link(segment), port(segment, node)));
            }
        }
        return out;
    }

    private static String link(Segment segment) {
        return switch (segment) {
            case OUTSIDE -> Machine.OUTSIDE_LINK;
            case INSIDE -> Machine.INSIDE_LINK;
        };
    }

    /// A link's name has 15 characters at most, so a long name becomes a number.
    static String port(Segment segment, String node) {
        String prefix = switch (segment) {
            case OUTSIDE -> "ext-";
            case INSIDE -> "int-";
        };
        return prefix + (node.length() <= NAME_MAX ? node : Integer.toHexString(node.hashCode()));
    }
}
