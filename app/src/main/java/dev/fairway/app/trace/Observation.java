package dev.fairway.app.trace;

import dev.fairway.address.IpAddress;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.dataplane.ObservedPath;
import dev.fairway.dataplane.Packet;
import dev.fairway.dataplane.Probe;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.ListeningSocket;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.Prediction;
import dev.fairway.node.pod.PodNamespace;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.Selection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// A real packet's way through a node.
///
/// @param name what the sender's name server says, if the target was a name
/// @param target who is at the end of the way, as far as known
/// @param drift where it is not what was predicted
/// @param misnamed what the name server says in place of the address that the packet was sent to
public record Observation(
        ObservedPath path,
        Optional<NameAnswer> name,
        Optional<Target> target,
        List<String> drift,
        Optional<String> misnamed) {

    /// Kernels shake hands without their programs, and a lost packet is sent again only after a second.
    private static final int PATIENCE_MILLIS = 600;

    /// @param pod namespace and name
    /// @param process who waits at the port; empty when nobody does or the pod is not on this machine
    public record Target(String pod, String node, Optional<String> process) {}

    public Observation {
        drift = List.copyOf(drift);
    }

    /// @throws IOException when no packet can be sent
    /// @throws KernelException when the node cannot be watched
    static Observation make(
            ApiClient client, Optional<ClusterConfig> cluster, TraceSender place, TraceEnds ends, Prediction prediction)
            throws IOException {
        Packet packet = ends.packet();
        Optional<NameAnswer> name = ends.who() instanceof TraceEnds.Who.Outside
                ? Optional.empty()
                : ends.service()
                        .flatMap(service -> cluster.map(
                                config -> NameAnswer.ask(place.sender(), config, service, packet.destination())));
        try (Probe probe =
                Probe.open(place.sender(), packet.protocol(), place.source(), packet.destination(), packet.port())) {
            ObservedPath path = prediction.observe(place.node(), probe, PATIENCE_MILLIS);
            return new Observation(
                    path,
                    name,
                    path.stopped().isPresent() ? Optional.empty() : target(client, cluster, path, packet),
                    prediction.drift(place.node(), packet, path),
                    name.filter(it -> !it.addresses().contains(packet.destination()))
                            .map(it -> "the name " + it.name() + " does not stand for " + packet.destination() + ": "
                                    + it.server() + " says " + it.said()));
        }
    }

    /// All that is not what was predicted, in sentences.
    public List<String> differences() {
        List<String> out = new ArrayList<>(drift);
        misnamed.ifPresent(out::add);
        return out;
    }

    private static Optional<Target> target(
            ApiClient client, Optional<ClusterConfig> cluster, ObservedPath path, Packet packet) {
        IpAddress address = path.arrived().destination();
        return client.list(Resource.PODS, "", Selection.ALL).items().stream()
                .filter(pod -> !Tree.flag(pod, "spec", "hostNetwork"))
                .filter(pod -> addresses(pod).anyMatch(address.toString()::equals))
                .findFirst()
                .map(pod -> new Target(
                        Meta.key(pod).toString(),
                        Tree.text(pod, "spec", "nodeName"),
                        cluster.flatMap(config ->
                                        NetworkNamespace.find(PodNamespace.name(config.name(), Meta.uid(pod))))
                                .flatMap(namespace -> process(namespace, packet, path))));
    }

    private static Stream<String> addresses(ObjectNode pod) {
        return Tree.objects(pod, "status", "podIPs").stream().map(ip -> Tree.text(ip, "ip"));
    }

    private static Optional<String> process(NetworkNamespace pod, Packet packet, ObservedPath path) {
        try {
            return ListeningSocket.in(pod).stream()
                    .filter(socket -> socket.port() == path.arrived().destinationPort())
                    .filter(socket ->
                            socket.transport().name().equals(packet.protocol().name()))
                    .findFirst()
                    .map(socket -> socket.process().orElse("a program"));
        } catch (KernelException gone) {
            return Optional.empty();
        }
    }
}
