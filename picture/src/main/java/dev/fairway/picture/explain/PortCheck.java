package dev.fairway.picture.explain;

import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Where a Service's ports lead, compared with the ports that its pods' containers declare.
final class PortCheck {

    private final ObjectKey key;
    private final List<Declared> declared;

    /// @param name empty for none
    private record Declared(String name, long number, String protocol) {

        @Override
        public String toString() {
            return (name.isEmpty() ? "" : name + " ") + number + "/" + protocol;
        }
    }

    private PortCheck(ObjectKey key, List<ObjectNode> pods) {
        this.key = key;
        this.declared = pods.stream()
                .flatMap(PortCheck::containers)
                .flatMap(container -> Tree.objects(container, "ports").stream())
                .map(port ->
                        new Declared(Tree.text(port, "name"), Tree.number(port, 0, "containerPort"), protocol(port)))
                .distinct()
                .toList();
    }

    /// Those that run as long as the pod does.
    static Stream<ObjectNode> containers(ObjectNode pod) {
        return Stream.concat(
                Tree.objects(pod, "spec", "containers").stream(),
                Tree.objects(pod, "spec", "initContainers").stream()
                        .filter(container ->
                                Tree.text(container, "restartPolicy").equals("Always")));
    }

    private static String protocol(ObjectNode port) {
        String text = Tree.text(port, "protocol");
        return text.isEmpty() ? "TCP" : text;
    }

    static List<Finding> findings(ObjectKey key, ObjectNode service, List<ObjectNode> pods) {
        PortCheck check = new PortCheck(key, pods);
        List<Finding> out = new ArrayList<>();
        List<ObjectNode> ports = Tree.objects(service, "spec", "ports");
        for (int i = 0; i < ports.size(); i++) {
            check.port(ports.get(i), i).ifPresent(out::add);
        }
        return out;
    }

    private Optional<Finding> port(ObjectNode port, int index) {
        JsonNode target = Tree.at(port, "targetPort");
        if (target.isString()) {
            return named(target.stringValue(), protocol(port), index);
        }
        return numbered(Tree.number(port, Tree.number(port, 0, "port"), "targetPort"), protocol(port), index);
    }

    private Optional<Finding> named(String name, String protocol, int index) {
        if (declared.stream()
                .anyMatch(port -> port.name().equals(name) && port.protocol().equals(protocol))) {
            return Optional.empty();
        }
        Set<String> names = declared.stream()
                .filter(port -> port.protocol().equals(protocol))
                .map(Declared::name)
                .filter(other -> !other.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        Optional<String> meant = Nearest.of(name, names)
                .or(() -> names.size() == 1 ? names.stream().findFirst() : Optional.empty());
        return Optional.of(new Finding(
                Code.NAMED_PORT_ABSENT,
                key,
                "targetPort \"" + name + "\" is no port name of its pods for " + protocol
                        + meant.map(other -> "; did you mean \"" + other + "\"?")
                                .orElse(""),
                List.of("spec.ports[" + index + "].targetPort: " + name, declaredPorts()),
                meant.map(other -> patch(index, "targetPort", "\"" + other + "\""))
                        .orElse(look())));
    }

    /// Containers need not declare their ports, so what is not declared is no more than a hint.
    private Optional<Finding> numbered(long number, String protocol, int index) {
        List<Declared> same =
                declared.stream().filter(port -> port.number() == number).toList();
        if (declared.isEmpty() || same.stream().anyMatch(port -> port.protocol().equals(protocol))) {
            return Optional.empty();
        }
        if (!same.isEmpty()) {
            String other = same.getFirst().protocol();
            return Optional.of(new Finding(
                    Code.PROTOCOL_MISMATCH,
                    key,
                    "port " + number + " of its pods is declared for " + other + ", but the Service forwards "
                            + protocol,
                    List.of("spec.ports[" + index + "].protocol: " + protocol, declaredPorts()),
                    patch(index, "protocol", "\"" + other + "\"")));
        }
        List<Declared> fitting = declared.stream()
                .filter(port -> port.protocol().equals(protocol))
                .toList();
        return Optional.of(new Finding(
                Code.TARGET_PORT_NOT_DECLARED,
                key,
                "it forwards to port " + number + ", which no container of its pods declares",
                List.of("spec.ports[" + index + "].targetPort: " + number, declaredPorts()),
                fitting.size() == 1
                        ? patch(
                                index,
                                "targetPort",
                                Long.toString(fitting.getFirst().number()))
                        : look()));
    }

    private String declaredPorts() {
        return declared.isEmpty()
                ? "its pods declare no port"
                : "its pods declare "
                        + declared.stream().map(Declared::toString).sorted().collect(Collectors.joining(", "));
    }

    private String patch(int index, String field, String value) {
        return patch(key, index, field, value);
    }

    /// The command that sets a field of one of the Service's ports.
    ///
    /// @param value as JSON
    static String patch(ObjectKey key, int index, String field, String value) {
        return "kubectl patch service " + key.name() + " -n " + key.namespace()
                + " --type=json -p '[{\"op\":\"add\",\"path\":\"/spec/ports/" + index + "/" + field + "\",\"value\":"
                + value + "}]'";
    }

    private String look() {
        return "kubectl describe service " + key.name() + " -n " + key.namespace();
    }
}
