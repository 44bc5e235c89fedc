package dev.fairway.app.trace;

import dev.fairway.address.IpAddress;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.pod.PodNamespace;
import dev.fairway.schema.Meta;
import java.io.IOException;
import java.net.DatagramSocket;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Where on this machine a packet can be sent and its node be watched.
///
/// @param node the namespace of the node that meets the packet first
/// @param sender the namespace from which it is sent
/// @param source the address that it is sent from
public record TraceSender(NetworkNamespace node, NetworkNamespace sender, IpAddress source) {

    private static final int DISCARD = 9; // any port: nothing is sent there

    /// Nobody can, for a reason.
    static final class Elsewhere extends Exception {

        private static final long serialVersionUID = 1;

        Elsewhere(String why) {
            super(why);
        }
    }

    /// @param cluster of this machine's state folder
    /// @throws Elsewhere when the node or the sender is not here
    static TraceSender find(Optional<ClusterConfig> cluster, TraceEnds ends) throws Elsewhere {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new Elsewhere("only root may watch a node's rules; run it with sudo");
        }
        NetworkNamespace node = node(cluster, ends.node());
        return switch (ends.who()) {
            case TraceEnds.Who.OnNode() ->
                new TraceSender(node, node, ends.packet().source());
            case TraceEnds.Who.Pod(ObjectNode pod) ->
                new TraceSender(
                        node,
                        named(cluster, name -> PodNamespace.name(name, Meta.uid(pod)))
                                .orElseThrow(() -> new Elsewhere(
                                        "pod " + Meta.key(pod) + " has no network of its own on this machine")),
                        ends.packet().source());
            case TraceEnds.Who.Outside(boolean anybody) -> {
                NetworkNamespace outside = named(cluster, name -> name + "-outside")
                        .orElseThrow(() -> new Elsewhere("the host outside is not on this machine"));
                IpAddress source = anybody
                        ? towards(outside, ends.packet().destination())
                        : ends.packet().source();
                if (!LocalNode.addresses(outside).contains(source)) {
                    throw new Elsewhere("the host outside has not the address " + source + "; try --from outside");
                }
                yield new TraceSender(node, outside, source);
            }
        };
    }

    private interface Name {
        String of(String cluster);
    }

    private static Optional<NetworkNamespace> named(Optional<ClusterConfig> cluster, Name name) {
        return cluster.flatMap(config -> NetworkNamespace.find(name.of(config.name())));
    }

    private static NetworkNamespace node(Optional<ClusterConfig> cluster, ObjectNode node) throws Elsewhere {
        return LocalNode.find(cluster, node)
                .orElseThrow(() -> new Elsewhere("node " + Meta.name(node) + " is not on this machine"));
    }

    /// The address that routes there would take: a connected UDP socket sends nothing.
    private static IpAddress towards(NetworkNamespace from, IpAddress destination) throws Elsewhere {
        try (DatagramSocket socket = from.call(() -> new DatagramSocket())) {
            socket.connect(destination.toInetAddress(), DISCARD);
            return IpAddress.of(socket.getLocalAddress());
        } catch (IOException | RuntimeException e) {
            throw new Elsewhere("the host outside knows no way to " + destination + ": " + e.getMessage());
        }
    }
}
