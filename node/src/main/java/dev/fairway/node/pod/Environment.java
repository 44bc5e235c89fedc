package dev.fairway.node.pod;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// The environment variables of a container: those that name the namespace's Services, then its own, in which
/// `$(NAME)` stands for a variable before it.
final class Environment {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([A-Za-z_.-][A-Za-z0-9_.-]*)\\)");
    private static final Pattern KEYED = Pattern.compile("metadata\\.(labels|annotations)\\['(.+)'\\]");

    private final PodSpec pod;
    private final List<IpAddress> addresses;
    private final List<IpAddress> hostAddresses;
    private final String node;
    private final ApiClient client;

    /// A variable's source is missing or of a kind that this node does not read.
    static final class MissingSource extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MissingSource(String message) {
            super(message);
        }
    }

    Environment(PodSpec pod, List<IpAddress> addresses, List<IpAddress> hostAddresses, String node, ApiClient client) {
        this.pod = pod;
        this.addresses = addresses;
        this.hostAddresses = hostAddresses;
        this.node = node;
        this.client = client;
    }

    /// @param services all Services of the cluster
    /// @throws MissingSource when a required source is absent
    Map<String, String> of(ContainerSpec container, Collection<ObjectNode> services) {
        Map<String, String> out = new LinkedHashMap<>(serviceLinks(services));
        for (ObjectNode source : Tree.objects(container.object(), "envFrom")) {
            addAll(source, out);
        }
        for (ObjectNode variable : Tree.objects(container.object(), "env")) {
            value(container, variable, out).ifPresent(value -> out.put(Tree.text(variable, "name"), value));
        }
        out.putIfAbsent("HOSTNAME", pod.hostname());
        return out;
    }

    /// Replaces `$(NAME)` where the variable is known; `$$` is a single dollar sign.
    static String expand(String text, Map<String, String> variables) {
        return REFERENCE.matcher(text).replaceAll(found -> {
            String name = found.group(1);
            String value = name == null ? "$" : variables.getOrDefault(name, found.group());
            return Matcher.quoteReplacement(value);
        });
    }

    // ---- the container's own variables

    private Optional<String> value(ContainerSpec container, ObjectNode variable, Map<String, String> before) {
        if (Tree.has(variable, "valueFrom", "fieldRef")) {
            return Optional.of(field(Tree.text(variable, "valueFrom", "fieldRef", "fieldPath")));
        }
        if (Tree.has(variable, "valueFrom", "configMapKeyRef")) {
            return configMapKey(
                    Tree.at(variable, "valueFrom", "configMapKeyRef") instanceof ObjectNode ref ? ref : variable);
        }
        if (Tree.has(variable, "valueFrom")) {
            throw new MissingSource("container \"%s\": env \"%s\": only value, fieldRef and configMapKeyRef are read"
                    .formatted(container.name(), Tree.text(variable, "name")));
        }
        return Optional.of(expand(Tree.text(variable, "value"), before));
    }

    /// The downward API's fields.
    private String field(String path) {
        Matcher keyed = KEYED.matcher(path);
        if (keyed.matches()) {
            return Tree.text(pod.object(), "metadata", keyed.group(1), keyed.group(2));
        }
        return switch (path) {
            case "metadata.name" -> pod.name();
            case "metadata.namespace" -> pod.namespace();
            case "metadata.uid" -> pod.uid();
            case "spec.nodeName" -> node;
            case "spec.serviceAccountName" -> Tree.text(pod.object(), "spec", "serviceAccountName");
            case "status.podIP" -> first(addresses);
            case "status.podIPs" -> joined(addresses);
            case "status.hostIP" -> first(hostAddresses);
            case "status.hostIPs" -> joined(hostAddresses);
            default -> throw new MissingSource("fieldRef \"" + path + "\" is not known");
        };
    }

    private static String first(List<IpAddress> list) {
        return list.isEmpty() ? "" : list.getFirst().toString();
    }

    private static String joined(List<IpAddress> list) {
        return list.stream().map(IpAddress::toString).collect(Collectors.joining(","));
    }

    private Optional<String> configMapKey(ObjectNode reference) {
        String name = Tree.text(reference, "name");
        String key = Tree.text(reference, "key");
        Optional<ObjectNode> map = client.get(Resource.CONFIG_MAPS, pod.namespace(), name);
        if (map.isPresent() && Tree.has(map.get(), "data", key)) {
            return Optional.of(Tree.text(map.get(), "data", key));
        }
        if (Tree.flag(reference, "optional")) {
            return Optional.empty();
        }
        throw new MissingSource(
                map.isPresent()
                        ? "couldn't find key %s in ConfigMap %s/%s".formatted(key, pod.namespace(), name)
                        : "configmap \"%s\" not found".formatted(name));
    }

    private void addAll(ObjectNode source, Map<String, String> out) {
        String name = Tree.text(source, "configMapRef", "name");
        if (name.isEmpty()) {
            throw new MissingSource("envFrom: only configMapRef is read");
        }
        Optional<ObjectNode> map = client.get(Resource.CONFIG_MAPS, pod.namespace(), name);
        if (map.isEmpty() && !Tree.flag(source, "configMapRef", "optional")) {
            throw new MissingSource("configmap \"%s\" not found".formatted(name));
        }
        String prefix = Tree.text(source, "prefix");
        map.ifPresent(found -> Tree.textMap(found, "data").forEach((key, value) -> out.put(prefix + key, value)));
    }

    // ---- Services by environment variable

    private Map<String, String> serviceLinks(Collection<ObjectNode> services) {
        boolean all = !Tree.has(pod.object(), "spec", "enableServiceLinks")
                || Tree.flag(pod.object(), "spec", "enableServiceLinks");
        Map<String, String> out = new LinkedHashMap<>();
        services.stream()
                .filter(service ->
                        isMaster(service) || all && Meta.namespace(service).equals(pod.namespace()))
                .filter(service -> IpAddress.tryParse(Tree.text(service, "spec", "clusterIP"))
                        .isPresent())
                .forEach(service -> link(service, out));
        return out;
    }

    private static boolean isMaster(ObjectNode service) {
        return Meta.namespace(service).equals("default") && Meta.name(service).equals("kubernetes");
    }

    /// `WEB_SERVICE_HOST`, `WEB_SERVICE_PORT[_NAME]` and the variables that Docker links once made.
    private static void link(ObjectNode service, Map<String, String> out) {
        String prefix = variable(Meta.name(service));
        String host = Tree.text(service, "spec", "clusterIP");
        String bracketed = host.contains(":") ? "[" + host + "]" : host;
        List<ObjectNode> ports = Tree.objects(service, "spec", "ports");
        out.put(prefix + "_SERVICE_HOST", host);
        boolean isFirst = true;
        for (ObjectNode port : ports) {
            String number = Long.toString(Tree.number(port, 0, "port"));
            String protocol = Tree.text(port, "protocol").isEmpty() ? "TCP" : Tree.text(port, "protocol");
            String lower = protocol.toLowerCase(Locale.ROOT);
            String url = lower + "://" + bracketed + ":" + number;
            UnaryOperator<String> named = name -> prefix + "_PORT_" + number + "_" + protocol + name;
            if (isFirst) {
                out.put(prefix + "_SERVICE_PORT", number);
                out.put(prefix + "_PORT", url);
                isFirst = false;
            }
            if (!Tree.text(port, "name").isEmpty()) {
                out.put(prefix + "_SERVICE_PORT_" + variable(Tree.text(port, "name")), number);
            }
            out.put(named.apply(""), url);
            out.put(named.apply("_PROTO"), lower);
            out.put(named.apply("_PORT"), number);
            out.put(named.apply("_ADDR"), host);
        }
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
