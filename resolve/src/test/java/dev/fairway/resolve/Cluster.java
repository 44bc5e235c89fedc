package dev.fairway.resolve;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.table.Frontend;
import dev.fairway.table.NameEntry;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// A cluster of a test: objects given as JSON with single quotes, and entries written back as text.
final class Cluster {

    static final NodeView NODE = new NodeView("node-1", "");
    static final MappedRanges RANGES =
            new MappedRanges(List.of(Cidr.parse("10.97.0.0/16"), Cidr.parse("fd00:10:97::/112")));

    final Map<ObjectKey, ObjectNode> services = new TreeMap<>();
    final Map<ObjectKey, ObjectNode> slices = new TreeMap<>();
    final Map<ObjectKey, ObjectNode> namespaces = new TreeMap<>();
    final Map<ServiceName, List<IpAddress>> external = new HashMap<>();
    final Resolver resolver = new Resolver(NODE, RANGES);

    static ObjectNode json(String text) {
        return Json.parse(text.replace('\'', '"'));
    }

    Cluster service(String name, String spec) {
        return service(name, spec, "");
    }

    /// @param more further top-level fields, such as `'status': {}` or more of the metadata
    Cluster service(String name, String spec, String more) {
        ObjectNode service = json("{'metadata': {'namespace': 'default', 'name': '%s', 'uid': 'uid-%s'}, 'spec': {%s}}"
                .formatted(name, name, spec));
        if (!more.isEmpty()) {
            merge(service, json("{" + more + "}"));
        }
        services.put(Meta.key(service), service);
        return this;
    }

    /// A slice of IPv4 endpoints for port `http` at 8080: `10.244.1.1 node-1`, and `!` in front when not ready.
    Cluster slice(String name, String service, String... endpoints) {
        String list = Arrays.stream(endpoints).map(Cluster::endpoint).collect(Collectors.joining(","));
        return slice(name, service, "IPv4", "{'name': 'http', 'protocol': 'TCP', 'port': 8080}", list);
    }

    Cluster slice(String name, String service, String type, String ports, String endpoints) {
        ObjectNode slice = json("""
                {'metadata': {'namespace': 'default', 'name': '%s', 'labels': {'kubernetes.io/service-name': '%s'}},
                 'addressType': '%s', 'ports': [%s],
                 'endpoints': [%s]}""".formatted(name, service, type, ports, endpoints));
        slices.put(Meta.key(slice), slice);
        return this;
    }

    private static String endpoint(String text) {
        boolean ready = !text.startsWith("!");
        String[] words = text.replace("!", "").split(" ");
        return "{'addresses': ['%s'], 'nodeName': '%s', 'conditions': {'ready': %s, 'serving': %s}}"
                .formatted(words[0], words.length > 1 ? words[1] : "", ready, ready);
    }

    Cluster external(String service, String... addresses) {
        external.put(
                new ServiceName("default", service),
                Arrays.stream(addresses).map(IpAddress::parse).toList());
        return this;
    }

    ClusterView view() {
        Map<ObjectKey, Slice> read = new TreeMap<>();
        slices.forEach((key, slice) -> read.put(key, Slice.of(slice)));
        return new ClusterView(services, read, namespaces);
    }

    Resolution resolve() {
        return resolver.resolveAll(view(), external, Resolution.EMPTY);
    }

    Resolution resolve(Resolution previous, Set<String> changedServices, Set<String> changedSlices) {
        return resolver.resolveChanged(
                view(),
                external,
                previous,
                new Changes(keys(changedServices), keys(changedSlices), Set.of(), changedNamespaces(previous)));
    }

    private Set<String> changedNamespaces(Resolution previous) {
        Set<String> names = namespaces.keySet().stream().map(ObjectKey::name).collect(Collectors.toSet());
        Set<String> before = previous.table().namespaces();
        return Stream.concat(names.stream(), before.stream())
                .filter(name -> names.contains(name) != before.contains(name))
                .collect(Collectors.toSet());
    }

    static Set<ObjectKey> keys(Set<String> names) {
        return names.stream().map(name -> new ObjectKey("default", name)).collect(Collectors.toSet());
    }

    static ServiceEntry entry(Resolution resolution, String service) {
        ServiceEntry entry = resolution.table().services().get(new ServiceName("default", service));
        if (entry == null) {
            throw new AssertionError("no entry " + service + " in " + resolution.table());
        }
        return entry;
    }

    static List<String> problems(Resolution resolution, String service) {
        return resolution.problems().getOrDefault(new ServiceName("default", service), List.of());
    }

    /// The entry as lines: its name, then `port frontends -> backends` where `*` marks a local backend.
    static String text(ServiceEntry entry) {
        return name(entry.name())
                + (entry.forwarded() ? "" : " (not forwarded)")
                + entry.ports().stream()
                        .map(port -> "\n" + port.name() + "/" + port.protocol().label() + " "
                                + port.frontends().stream()
                                        .map(Cluster::frontend)
                                        .collect(Collectors.joining(" "))
                                + " -> "
                                + port.backends().stream()
                                        .map(backend -> backend + (backend.local() ? "*" : ""))
                                        .collect(Collectors.joining(" ")))
                        .collect(Collectors.joining());
    }

    private static String name(NameEntry name) {
        return switch (name) {
            case NameEntry.Addresses(var addresses) -> addresses.toString();
            case NameEntry.Alias(String target) -> "alias " + target;
            case NameEntry.Headless(var endpoints) ->
                endpoints.stream()
                        .map(endpoint -> endpoint.hostname() + "=" + endpoint.address()
                                + endpoint.ports().stream()
                                        .map(port -> ":" + port.name() + "/" + port.port())
                                        .collect(Collectors.joining()))
                        .collect(Collectors.joining(" ", "headless ", ""));
        };
    }

    private static String frontend(Frontend frontend) {
        return switch (frontend) {
            case Frontend.ClusterIp(IpAddress address, int port) -> address.withPort(port);
            case Frontend.NodePort(var family, int port) -> "node" + family.apiName() + ":" + port;
            case Frontend.LoadBalancer(IpAddress address, int port) -> "lb " + address.withPort(port);
            case Frontend.ExternalIp(IpAddress address, int port) -> "ext " + address.withPort(port);
            case Frontend.Mapped(IpAddress address, int port) -> "mapped " + address.withPort(port);
        };
    }

    private static void merge(ObjectNode into, ObjectNode from) {
        from.properties().forEach(field -> {
            if (field.getValue() instanceof ObjectNode part && into.get(field.getKey()) instanceof ObjectNode target) {
                merge(target, part);
            } else {
                into.set(field.getKey(), field.getValue());
            }
        });
    }
}
