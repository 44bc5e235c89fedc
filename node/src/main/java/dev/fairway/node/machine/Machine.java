package dev.fairway.node.machine;

import dev.fairway.kernel.NetworkNamespace;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// The namespaces of a machine network, by role.
///
/// @param fabric holds the two bridges that stand for the segments' switches
/// @param nodes by node name, in the plan's order
public record Machine(
        NetworkNamespace fabric,
        NetworkNamespace outside,
        NetworkNamespace edge,
        SequencedMap<String, NetworkNamespace> nodes) {

    /// A node's link to the outside segment; the edge and the outside host call theirs the same.
    public static final String OUTSIDE_LINK = "ext0";
    /// A node's link to the inside segment.
    public static final String INSIDE_LINK = "int0";
    /// A node's bridge, to which its pods are connected.
    public static final String POD_BRIDGE = "pods";

    public Machine {
        nodes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(nodes));
    }

    /// The namespace of a node.
    ///
    /// @throws IllegalArgumentException when the plan has no such node
    public NetworkNamespace node(String name) {
        NetworkNamespace namespace = nodes.get(name);
        if (namespace == null) {
            throw new IllegalArgumentException("no node \"" + name + "\" among " + nodes.keySet());
        }
        return namespace;
    }
}
