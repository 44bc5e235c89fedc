package dev.fairway.control.endpoints;

import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Resolves a Service's ports for one pod: a named `targetPort` means the number that this pod's containers give it.
final class TargetPorts {

    private TargetPorts() {}

    /// The resolved ports in canonical order; a port that the pod does not offer is left out.
    static List<SlicePort> resolve(JsonNode service, JsonNode pod) {
        List<SlicePort> out = new ArrayList<>();
        for (JsonNode port : Tree.objects(service, "spec", "ports")) {
            SlicePort named = SlicePort.parse(port);
            number(port, named, pod)
                    .ifPresent(number ->
                            out.add(new SlicePort(named.name(), named.protocol(), number, named.appProtocol())));
        }
        return out.stream().sorted().toList();
    }

    private static Optional<Integer> number(JsonNode port, SlicePort named, JsonNode pod) {
        JsonNode target = Tree.at(port, "targetPort");
        if (target.isIntegralNumber()) {
            return Optional.of(target.intValue() == 0 ? named.port() : target.intValue());
        }
        return target.isString() && !target.stringValue().isEmpty()
                ? numberOf(target.stringValue(), named.protocol(), pod)
                : Optional.of(named.port());
    }

    private static Optional<Integer> numberOf(String name, String protocol, JsonNode pod) {
        return containers(pod)
                .flatMap(container -> Tree.objects(container, "ports").stream())
                .filter(offered -> Tree.text(offered, "name").equals(name))
                .filter(offered -> protocolOf(offered).equals(protocol))
                .map(offered -> (int) Tree.number(offered, 0, "containerPort"))
                .findFirst();
    }

    /// Containers first, then the init containers that keep running.
    private static Stream<? extends JsonNode> containers(JsonNode pod) {
        return Stream.concat(
                Tree.objects(pod, "spec", "containers").stream(),
                Tree.objects(pod, "spec", "initContainers").stream()
                        .filter(init -> Tree.text(init, "restartPolicy").equals("Always")));
    }

    private static String protocolOf(JsonNode offered) {
        String protocol = Tree.text(offered, "protocol");
        return protocol.isEmpty() ? "TCP" : protocol;
    }
}
