package dev.fairway.picture;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceName;
import dev.fairway.table.TrafficPolicy.Scope;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// API objects to a {@link Scene}. What an object lacks is left out of the scene; nothing here is an error.
public final class SceneReader {

    private static final String HEADLESS = "None";

    private static final Comparator<String> NATURAL = SceneReader::naturally;

    private static final String READY = "Ready";

    private final ClusterObjects objects;
    private final Choice choice;
    private final Map<ObjectKey, List<ObjectNode>> slicesOf;

    private SceneReader(ClusterObjects objects, Choice choice) {
        this.objects = objects;
        this.choice = choice;
        this.slicesOf = objects.slices().stream()
                .collect(Collectors.groupingBy(
                        slice -> new ObjectKey(Meta.namespace(slice), serviceOf(slice)),
                        TreeMap::new,
                        Collectors.toList()));
    }

    public static Scene read(ClusterObjects objects, Choice choice) {
        SceneReader reader = new SceneReader(objects, choice);
        List<SceneService> services = reader.services();
        List<SceneNode> nodes = objects.nodes().stream()
                .map(SceneReader::node)
                .sorted(Comparator.comparing(SceneNode::name, NATURAL))
                .toList();
        return new Scene(choice.title(), nodes, reader.pods(), services);
    }

    /// By the text before the number at the end, then by the number. It is asked for each pair of neighbours in a large
    /// cluster, so it makes no texts.
    private static int naturally(String one, String other) {
        int end = textLength(one);
        int otherEnd = textLength(other);
        int shorter = Math.min(end, otherEnd);
        for (int i = 0; i < shorter; i++) {
            if (one.charAt(i) != other.charAt(i)) {
                return Character.compare(one.charAt(i), other.charAt(i));
            }
        }
        int byText = Integer.compare(end, otherEnd);
        int byNumber = byText == 0 ? Integer.compare(one.length(), other.length()) : byText;
        return byNumber == 0 ? one.compareTo(other) : byNumber;
    }

    private static int textLength(String name) {
        int end = name.length();
        while (end > 0 && Character.isDigit(name.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private static SceneNode node(ObjectNode node) {
        return new SceneNode(
                Meta.name(node),
                addresses(node, "ExternalIP"),
                addresses(node, "InternalIP"),
                Conditions.isTrue(node, READY));
    }

    private static List<IpAddress> addresses(ObjectNode node, String type) {
        return parsed(Tree.objects(node, "status", "addresses").stream()
                .filter(entry -> Tree.text(entry, "type").equals(type))
                .map(entry -> Tree.text(entry, "address")));
    }

    private static List<IpAddress> parsed(Stream<String> texts) {
        return texts.flatMap(text -> IpAddress.tryParse(text).stream())
                .distinct()
                .toList();
    }

    private List<ScenePod> pods() {
        Map<ObjectKey, Set<Integer>> served = servedPorts();
        return objects.pods().stream()
                .filter(pod -> choice.includes(Meta.namespace(pod)))
                .filter(pod -> !Conditions.hasEnded(pod))
                .map(pod -> pod(pod, served.getOrDefault(Meta.key(pod), Set.of())))
                .sorted(Comparator.comparing(ScenePod::namespace).thenComparing(ScenePod::name, NATURAL))
                .toList();
    }

    private static ScenePod pod(ObjectNode pod, Set<Integer> served) {
        Stream<String> addresses = Stream.concat(
                Stream.of(Tree.text(pod, "status", "podIP")),
                Tree.objects(pod, "status", "podIPs").stream().map(entry -> Tree.text(entry, "ip")));
        return new ScenePod(
                Meta.namespace(pod),
                Meta.name(pod),
                Tree.text(pod, "spec", "nodeName"),
                parsed(addresses),
                List.copyOf(served.isEmpty() ? containerPorts(pod) : served),
                state(Meta.isBeingDeleted(pod), Conditions.isTrue(pod, READY)));
    }

    private static PodState state(boolean terminating, boolean ready) {
        if (terminating) {
            return PodState.TERMINATING;
        }
        return ready ? PodState.READY : PodState.NOT_READY;
    }

    private static Set<Integer> containerPorts(ObjectNode pod) {
        Set<Integer> out = new TreeSet<>();
        Tree.objects(pod, "spec", "containers")
                .forEach(container -> out.addAll(numbers(container, "ports", "containerPort")));
        return out;
    }

    private static Set<Integer> numbers(JsonNode owner, String list, String field) {
        Set<Integer> out = new TreeSet<>();
        for (ObjectNode entry : Tree.objects(owner, list)) {
            long number = Tree.number(entry, 0, field);
            if (number > 0) {
                out.add((int) number);
            }
        }
        return out;
    }

    /// The ports to which the shown Services lead, by pod.
    private Map<ObjectKey, Set<Integer>> servedPorts() {
        Map<ObjectKey, Set<Integer>> out = new HashMap<>();
        slicesOf.forEach((service, slices) -> {
            if (choice.includesService(service.namespace(), service.name())) {
                for (ObjectNode slice : slices) {
                    Set<Integer> ports = numbers(slice, "ports", "port");
                    Tree.objects(slice, "endpoints")
                            .forEach(endpoint -> out.computeIfAbsent(
                                            new ObjectKey(service.namespace(), podOf(endpoint)), _ -> new TreeSet<>())
                                    .addAll(ports));
                }
            }
        });
        return out;
    }

    /// The Service to which an endpoint slice belongs, in the same namespace.
    public static String serviceOf(ObjectNode slice) {
        return Tree.text(slice, "metadata", "labels", "kubernetes.io/service-name");
    }

    private static String podOf(ObjectNode endpoint) {
        return Tree.text(endpoint, "targetRef", "kind").equals("Pod") ? Tree.text(endpoint, "targetRef", "name") : "";
    }

    private List<SceneService> services() {
        return objects.services().stream()
                .filter(service -> choice.includesService(Meta.namespace(service), Meta.name(service)))
                .map(this::service)
                .sorted(Comparator.comparing(SceneService::service))
                .toList();
    }

    private SceneService service(ObjectNode service) {
        ServiceType type = ServiceType.of(Tree.text(service, "spec", "type"));
        Stream<String> addresses = Stream.concat(
                Stream.of(Tree.text(service, "spec", "clusterIP")), Tree.texts(service, "spec", "clusterIPs").stream());
        return new SceneService(
                new ServiceName(Meta.namespace(service), Meta.name(service)),
                type,
                Tree.text(service, "spec", "clusterIP").equals(HEADLESS),
                parsed(addresses),
                Tree.objects(service, "spec", "ports").stream()
                        .map(SceneReader::port)
                        .toList(),
                Tree.objects(service, "status", "loadBalancer", "ingress").stream()
                        .map(SceneReader::balancer)
                        .toList(),
                type == ServiceType.EXTERNAL_NAME ? Tree.text(service, "spec", "externalName") : "",
                scope(service, "internalTrafficPolicy"),
                type.hasNodePorts() ? scope(service, "externalTrafficPolicy") : Scope.CLUSTER,
                endpoints(service));
    }

    private static String balancer(ObjectNode ingress) {
        String address = Tree.text(ingress, "ip");
        return address.isEmpty() ? Tree.text(ingress, "hostname") : address;
    }

    private static Scope scope(ObjectNode service, String field) {
        return Tree.text(service, "spec", field).equals("Local") ? Scope.LOCAL : Scope.CLUSTER;
    }

    private static ScenePort port(ObjectNode port) {
        int number = (int) Tree.number(port, 0, "port");
        JsonNode target = Tree.at(port, "targetPort");
        return new ScenePort(
                Tree.text(port, "name"),
                protocol(Tree.text(port, "protocol")),
                number,
                target.isMissingNode() ? Integer.toString(number) : target.asString(),
                (int) Tree.number(port, 0, "nodePort"));
    }

    private static Protocol protocol(String text) {
        return switch (text) {
            case "UDP" -> Protocol.UDP;
            case "SCTP" -> Protocol.SCTP;
            default -> Protocol.TCP;
        };
    }

    /// A pod with an address of each family has an endpoint in two slices: one in the picture.
    private List<SceneEndpoint> endpoints(ObjectNode service) {
        Map<String, SceneEndpoint> out = new HashMap<>();
        for (ObjectNode slice : slicesOf.getOrDefault(Meta.key(service), List.of())) {
            for (ObjectNode object : Tree.objects(slice, "endpoints")) {
                SceneEndpoint endpoint = endpoint(object);
                String key = endpoint.pod().isEmpty() ? endpoint.addresses().toString() : endpoint.pod();
                out.merge(key, endpoint, SceneReader::joined);
            }
        }
        return out.values().stream()
                .sorted(Comparator.comparing(SceneEndpoint::pod, NATURAL)
                        .thenComparing(endpoint -> endpoint.addresses().toString()))
                .toList();
    }

    private static SceneEndpoint joined(SceneEndpoint one, SceneEndpoint other) {
        List<IpAddress> addresses = Stream.concat(one.addresses().stream(), other.addresses().stream())
                .distinct()
                .sorted()
                .toList();
        PodState state = one.state() == PodState.READY ? one.state() : other.state();
        return new SceneEndpoint(one.pod(), one.node(), addresses, state);
    }

    private static SceneEndpoint endpoint(ObjectNode endpoint) {
        boolean ready = !Tree.has(endpoint, "conditions", "ready") || Tree.flag(endpoint, "conditions", "ready");
        return new SceneEndpoint(
                podOf(endpoint),
                Tree.text(endpoint, "nodeName"),
                parsed(Tree.texts(endpoint, "addresses").stream()),
                state(Tree.flag(endpoint, "conditions", "terminating"), ready));
    }
}
