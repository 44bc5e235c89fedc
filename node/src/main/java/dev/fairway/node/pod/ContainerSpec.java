package dev.fairway.node.pod;

import dev.fairway.schema.Tree;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a pod asks of one container.
///
/// @param sidecar an init container with `restartPolicy: Always`
/// @param object the container as the pod lists it
public record ContainerSpec(
        String name,
        String image,
        List<String> command,
        List<String> args,
        String workingDirectory,
        List<Port> ports,
        Optional<ProbeSpec> startupProbe,
        Optional<ProbeSpec> livenessProbe,
        Optional<ProbeSpec> readinessProbe,
        boolean sidecar,
        ObjectNode object) {

    /// A declared port.
    ///
    /// @param protocol `TCP`, `UDP` or `SCTP`
    public record Port(String name, int number, String protocol) {
        static Port of(JsonNode node) {
            String protocol = Tree.text(node, "protocol");
            return new Port(
                    Tree.text(node, "name"),
                    (int) Tree.number(node, 0, "containerPort"),
                    protocol.isEmpty() ? "TCP" : protocol);
        }
    }

    public ContainerSpec {
        command = List.copyOf(command);
        args = List.copyOf(args);
        ports = List.copyOf(ports);
    }

    public static ContainerSpec of(ObjectNode container) {
        return new ContainerSpec(
                Tree.text(container, "name"),
                Tree.text(container, "image"),
                Tree.texts(container, "command"),
                Tree.texts(container, "args"),
                Tree.text(container, "workingDir"),
                Tree.objects(container, "ports").stream().map(Port::of).toList(),
                probe(container, ProbeSpec.Kind.STARTUP),
                probe(container, ProbeSpec.Kind.LIVENESS),
                probe(container, ProbeSpec.Kind.READINESS),
                Tree.text(container, "restartPolicy").equals("Always"),
                container);
    }

    /// Whether it has an input that clients may attach to.
    public boolean stdin() {
        return Tree.flag(object, "stdin");
    }

    /// Whether the input ends with the first client that attached to it.
    public boolean stdinOnce() {
        return Tree.flag(object, "stdinOnce");
    }

    public boolean tty() {
        return Tree.flag(object, "tty");
    }

    /// Where the container may leave its last words.
    public Path terminationMessagePath() {
        String path = Tree.text(object, "terminationMessagePath");
        return Path.of(path.isEmpty() ? "/dev/termination-log" : path);
    }

    /// Whether the end of the log stands in for last words after a failure.
    public boolean lastWordsFromLog() {
        return Tree.text(object, "terminationMessagePolicy").equals("FallbackToLogsOnError");
    }

    /// What is done when the container has started (`postStart`) or before it is asked to end (`preStop`).
    public Optional<ProbeSpec.Check> hook(String name) {
        return Tree.at(object, "lifecycle", name) instanceof ObjectNode hook
                ? Optional.of(ProbeSpec.check(hook))
                : Optional.empty();
    }

    private static Optional<ProbeSpec> probe(ObjectNode container, ProbeSpec.Kind kind) {
        return Tree.at(container, kind.field()) instanceof ObjectNode probe
                ? Optional.of(ProbeSpec.of(kind, probe))
                : Optional.empty();
    }

    /// The number of a port given by number or by name; empty when no port has that name.
    public Optional<Integer> portNumber(JsonNode port) {
        if (port.isIntegralNumber()) {
            return Optional.of(port.intValue());
        }
        String text = port.isString() ? port.stringValue() : "";
        return text.matches("[0-9]{1,5}")
                ? Optional.of(Integer.parseInt(text))
                : ports.stream()
                        .filter(declared -> declared.name().equals(text))
                        .map(Port::number)
                        .findFirst();
    }
}
