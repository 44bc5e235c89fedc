package dev.fairway.app.command;

import dev.fairway.app.config.ClusterConfig;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.ListeningSocket;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.pod.PodNamespace;
import dev.fairway.picture.explain.PodSockets;
import dev.fairway.picture.explain.PodSockets.Waiting;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Looks into the pods that run on this machine. Pods elsewhere, and all of them for who is not root, stay unknown.
final class LocalSockets {

    private LocalSockets() {}

    /// @param cluster of this machine's state folder; pods are known by their uid, so those of another cluster are not
    ///     mistaken for its own
    static PodSockets read(Optional<ClusterConfig> cluster, Collection<ObjectNode> pods) {
        if (cluster.isEmpty()) {
            return PodSockets.UNKNOWN;
        }
        Map<ObjectKey, List<Waiting>> out = new HashMap<>();
        for (ObjectNode pod : pods) {
            NetworkNamespace.find(PodNamespace.name(cluster.get().name(), Meta.uid(pod)))
                    .flatMap(LocalSockets::waiting)
                    .ifPresent(found -> out.put(Meta.key(pod), found));
        }
        return new PodSockets(out);
    }

    /// Empty when the pod ends just now, or may not be entered.
    private static Optional<List<Waiting>> waiting(NetworkNamespace namespace) {
        try {
            return Optional.of(ListeningSocket.in(namespace).stream()
                    .map(socket -> new Waiting(socket.transport().name(), socket.address(), socket.port()))
                    .toList());
        } catch (KernelException | UncheckedIOException gone) {
            return Optional.empty();
        }
    }
}
