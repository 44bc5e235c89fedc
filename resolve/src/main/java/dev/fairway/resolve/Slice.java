package dev.fairway.resolve;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import dev.fairway.table.Backend;
import dev.fairway.table.NameEntry.NamedPort;
import dev.fairway.table.Protocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a node must know of an EndpointSlice, read once. It takes a small part of the memory of the JSON, of which a
/// whole cluster's endpoints would be too much for a node.
///
/// @param service the name of the one in its namespace that it belongs to, by its label; empty for none
/// @param family of its addresses; empty for the type FQDN, which is not used, as in kube-proxy
/// @param ports those with a number; others are for consumers that know it otherwise
/// @param endpoints with their first address; the other addresses mean the same endpoint and are not used
/// @param badEndpoints sentences about endpoints that cannot be read
/// @param badWeights sentences about weights that are not used
public record Slice(
        String service,
        Optional<IpFamily> family,
        List<NamedPort> ports,
        List<Endpoint> endpoints,
        List<String> badEndpoints,
        List<String> badWeights) {

    static final String WEIGHTS_ANNOTATION = "fairway.dev/weights";

    private static final String SERVICE_NAME_LABEL = "kubernetes.io/service-name";

    /// @param hostname empty for none
    /// @param nodeName empty when it is not said
    /// @param nodeHints the nodes that it is meant for
    /// @param zoneHints the zones that it is meant for
    public record Endpoint(
            IpAddress address,
            String hostname,
            boolean ready,
            boolean serving,
            boolean terminating,
            String nodeName,
            Set<String> nodeHints,
            Set<String> zoneHints,
            int weight) {

        public Endpoint {
            nodeHints = Set.copyOf(nodeHints);
            zoneHints = Set.copyOf(zoneHints);
        }
    }

    public Slice {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
        badEndpoints = List.copyOf(badEndpoints);
        badWeights = List.copyOf(badWeights);
    }

    /// @param slice an EndpointSlice
    public static Slice of(ObjectNode slice) {
        return new Reading(slice).slice();
    }

    private static final class Reading {

        private final ObjectNode slice;
        private final String type;
        private final List<String> badEndpoints = new ArrayList<>();
        private final List<String> badWeights = new ArrayList<>();

        Reading(ObjectNode slice) {
            this.slice = slice;
            this.type = Tree.text(slice, "addressType");
        }

        Slice slice() {
            Optional<IpFamily> family = Arrays.stream(IpFamily.values())
                    .filter(each -> each.apiName().equals(type))
                    .findFirst();
            String service = Tree.text(slice, "metadata", "labels", SERVICE_NAME_LABEL);
            List<Endpoint> endpoints = family.isPresent() ? endpoints() : List.of();
            return new Slice(service, family, ports(), endpoints, badEndpoints, badWeights);
        }

        private List<NamedPort> ports() {
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

        private List<Endpoint> endpoints() {
            Map<IpAddress, Integer> weights = weights();
            List<Endpoint> out = new ArrayList<>();
            for (ObjectNode endpoint : Tree.objects(slice, "endpoints")) {
                String text =
                        Tree.texts(endpoint, "addresses").stream().findFirst().orElse("");
                Optional<IpAddress> address = IpAddress.tryParse(text)
                        .filter(parsed -> parsed.family().apiName().equals(type));
                address.ifPresentOrElse(
                        parsed -> out.add(endpoint(endpoint, parsed, weights)),
                        () -> badEndpoints.add("endpoint slice " + Meta.key(slice) + " lists \"" + text
                                + "\", which is no " + type + " address; this endpoint is not used"));
            }
            return out;
        }

        /// Names of nodes and zones are few and come again in all slices, so each is kept once.
        private static Endpoint endpoint(JsonNode tree, IpAddress address, Map<IpAddress, Integer> weights) {
            return new Endpoint(
                    address,
                    Tree.text(tree, "hostname"),
                    condition(tree, "ready", true),
                    condition(tree, "serving", true),
                    condition(tree, "terminating", false),
                    Tree.text(tree, "nodeName").intern(),
                    hints(tree, "forNodes"),
                    hints(tree, "forZones"),
                    weights.getOrDefault(address, 1));
        }

        private static boolean condition(JsonNode endpoint, String name, boolean absent) {
            JsonNode value = Tree.at(endpoint, "conditions", name);
            return value.isBoolean() ? value.booleanValue() : absent;
        }

        private static Set<String> hints(JsonNode endpoint, String field) {
            return Tree.objects(endpoint, "hints", field).stream()
                    .map(hint -> Tree.text(hint, "name").intern())
                    .collect(Collectors.toUnmodifiableSet());
        }

        /// What the slice says in its annotation: a JSON object from address to weight. What is none is not used.
        private Map<IpAddress, Integer> weights() {
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
                        badWeight("\"" + weight.getKey() + "\": " + weight.getValue());
                    }
                });
            } catch (IllegalArgumentException notJson) {
                badWeight(text);
            }
            return out;
        }

        private void badWeight(String text) {
            badWeights.add("annotation " + WEIGHTS_ANNOTATION + " of endpoint slice " + Meta.key(slice) + " says "
                    + text + ", which is not used; it is a JSON object from address to weight, 0 to "
                    + Backend.WEIGHT_MAX + ", such as {\"10.0.0.7\": 3}");
        }

        private static boolean isWeight(JsonNode value) {
            return value.isInt() && value.intValue() >= 0 && value.intValue() <= Backend.WEIGHT_MAX;
        }
    }
}
