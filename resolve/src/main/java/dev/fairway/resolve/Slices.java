package dev.fairway.resolve;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import dev.fairway.table.Backend;
import dev.fairway.table.NameEntry.HeadlessEndpoint;
import dev.fairway.table.NameEntry.NamedPort;
import dev.fairway.table.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads endpoints out of a Service's EndpointSlices. Slices of address type FQDN are not used, as in kube-proxy.
final class Slices {

    private static final Comparator<HeadlessEndpoint> ORDER =
            Comparator.comparing(HeadlessEndpoint::address).thenComparing(HeadlessEndpoint::hostname);

    static final String WEIGHTS_ANNOTATION = "fairway.dev/weights";

    private final List<ObjectNode> slices;
    private final List<String> problems;

    /// @param slices in name order, so that equal inputs give equal choices among duplicates
    /// @param problems where unreadable endpoints are reported
    Slices(List<ObjectNode> slices, List<String> problems) {
        this.slices = slices;
        this.problems = problems;
    }

    /// The endpoints of one port and family. An address and port that several slices name is one endpoint, ready if
    /// any of them says so.
    List<EndpointChoice.Candidate> candidates(String portName, Protocol protocol, IpFamily family) {
        Map<String, EndpointChoice.Candidate> out = new LinkedHashMap<>();
        for (ObjectNode slice : ofFamily(family)) {
            Map<IpAddress, Integer> weights = weights(slice);
            for (NamedPort port : ports(slice)) {
                if (port.name().equals(portName) && port.protocol() == protocol) {
                    endpoints(slice)
                            .forEach(endpoint -> out.merge(
                                    endpoint.address().withPort(port.port()),
                                    candidate(endpoint, port.port(), weights),
                                    (first, second) -> first.ready() ? first : second));
                }
            }
        }
        return List.copyOf(out.values());
    }

    /// The ready endpoints with their names and ports, of both families.
    ///
    /// @param publishNotReady every endpoint counts as ready
    List<HeadlessEndpoint> headless(boolean publishNotReady) {
        Map<Named, TreeSet<NamedPort>> out =
                new TreeMap<>(Comparator.comparing(Named::address).thenComparing(Named::hostname));
        for (IpFamily family : IpFamily.values()) {
            for (ObjectNode slice : ofFamily(family)) {
                List<NamedPort> ports = ports(slice);
                endpoints(slice).stream()
                        .filter(endpoint -> publishNotReady || condition(endpoint.tree(), "ready", true))
                        .map(endpoint -> new Named(Tree.text(endpoint.tree(), "hostname"), endpoint.address()))
                        .forEach(named -> out.computeIfAbsent(named, _ -> new TreeSet<>(PORT_ORDER))
                                .addAll(ports));
            }
        }
        return out.entrySet().stream()
                .map(e -> new HeadlessEndpoint(e.getKey().hostname(), e.getKey().address(), List.copyOf(e.getValue())))
                .sorted(ORDER)
                .toList();
    }

    private record Named(String hostname, IpAddress address) {}

    private record Endpoint(IpAddress address, ObjectNode tree) {}

    private static final Comparator<NamedPort> PORT_ORDER = Comparator.comparing(NamedPort::name)
            .thenComparing(NamedPort::protocol)
            .thenComparingInt(NamedPort::port);

    private List<ObjectNode> ofFamily(IpFamily family) {
        return slices.stream()
                .filter(slice -> Tree.text(slice, "addressType").equals(family.apiName()))
                .toList();
    }

    private static EndpointChoice.Candidate candidate(Endpoint endpoint, int port, Map<IpAddress, Integer> weights) {
        JsonNode tree = endpoint.tree();
        return new EndpointChoice.Candidate(
                endpoint.address(),
                port,
                condition(tree, "ready", true),
                condition(tree, "serving", true),
                condition(tree, "terminating", false),
                Tree.text(tree, "nodeName"),
                hints(tree, "forNodes"),
                hints(tree, "forZones"),
                weights.getOrDefault(endpoint.address(), 1));
    }

    /// What the slice says in its annotation: a JSON object from address to weight. What is none is not used.
    private Map<IpAddress, Integer> weights(ObjectNode slice) {
        String text = Meta.annotation(slice, WEIGHTS_ANNOTATION);
        if (text.isEmpty()) {
            return Map.of();
        }
        Map<IpAddress, Integer> out = new TreeMap<>();
        try {
            Json.parse(text).properties().forEach(weight -> {
                Optional<IpAddress> address = IpAddress.tryParse(weight.getKey());
                if (address.isPresent() && isWeight(weight.getValue())) {
                    out.put(address.get(), weight.getValue().intValue());
                } else {
                    badWeight(slice, "\"" + weight.getKey() + "\": " + weight.getValue());
                }
            });
        } catch (IllegalArgumentException notJson) {
            badWeight(slice, text);
        }
        return out;
    }

    private void badWeight(ObjectNode slice, String text) {
        problems.add("annotation " + WEIGHTS_ANNOTATION + " of endpoint slice " + Meta.key(slice) + " says " + text
                + ", which is not used; it is a JSON object from address to weight, 0 to " + Backend.WEIGHT_MAX
                + ", such as {\"10.0.0.7\": 3}");
    }

    private static boolean isWeight(JsonNode value) {
        return value.isInt() && value.intValue() >= 0 && value.intValue() <= Backend.WEIGHT_MAX;
    }

    private static boolean condition(JsonNode endpoint, String name, boolean absent) {
        JsonNode value = Tree.at(endpoint, "conditions", name);
        return value.isBoolean() ? value.booleanValue() : absent;
    }

    private static Set<String> hints(JsonNode endpoint, String field) {
        return Tree.objects(endpoint, "hints", field).stream()
                .map(hint -> Tree.text(hint, "name"))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The slice's endpoints with their first address; the other addresses mean the same endpoint and are not used.
    private List<Endpoint> endpoints(ObjectNode slice) {
        List<Endpoint> out = new ArrayList<>();
        for (ObjectNode endpoint : Tree.objects(slice, "endpoints")) {
            String text = Tree.texts(endpoint, "addresses").stream().findFirst().orElse("");
            Optional<IpAddress> address = IpAddress.tryParse(text)
                    .filter(parsed -> parsed.family().apiName().equals(Tree.text(slice, "addressType")));
            address.ifPresentOrElse(
                    parsed -> out.add(new Endpoint(parsed, endpoint)),
                    () -> problems.add("endpoint slice " + Meta.key(slice) + " lists \"" + text + "\", which is no "
                            + Tree.text(slice, "addressType") + " address; this endpoint is not used"));
        }
        return out;
    }

    /// The slice's ports; a port without a number is for consumers that know it otherwise, not for us.
    private static List<NamedPort> ports(ObjectNode slice) {
        List<NamedPort> out = new ArrayList<>();
        for (ObjectNode port : Tree.objects(slice, "ports")) {
            int number = (int) Tree.number(port, 0, "port");
            Optional<Protocol> protocol = ServicePorts.protocol(Tree.text(port, "protocol"));
            if (number > 0 && protocol.isPresent()) {
                out.add(new NamedPort(Tree.text(port, "name"), protocol.get(), number));
            }
        }
        return out;
    }
}
