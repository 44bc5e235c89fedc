package dev.fairway.node.pod;

import dev.fairway.address.IpAddress;
import dev.fairway.node.pod.volume.ApiObjects;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// The environment variables of a container: those that name the namespace's Services, then its own, in which
/// `$(NAME)` stands for a variable before it.
final class Environment {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([A-Za-z_.-][A-Za-z0-9_.-]*)\\)");
    private static final Pattern NAME = Pattern.compile("[ -<>-~]+");

    private final DownwardApi downward;
    private final ApiObjects objects;

    /// A variable's source is missing or of a kind that this node does not read.
    static final class MissingSource extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MissingSource(String message) {
            super(message);
        }
    }

    Environment(DownwardApi downward, ApiObjects objects) {
        this.downward = downward;
        this.objects = objects;
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
        if (!(Tree.at(variable, "valueFrom") instanceof ObjectNode source)) {
            return Optional.of(expand(Tree.text(variable, "value"), before));
        }
        if (source.has("fieldRef")) {
            String path = Tree.text(source, "fieldRef", "fieldPath");
            return Optional.of(downward.field(path)
                    .orElseThrow(() -> new MissingSource("fieldRef \"" + path + "\" is not known")));
        }
        if (source.get("resourceFieldRef") instanceof ObjectNode reference) {
            String named = Tree.text(reference, "containerName");
            ObjectNode about = downward.pod()
                    .container(named.isEmpty() ? container.name() : named)
                    .map(ContainerSpec::object)
                    .orElseThrow(() -> new MissingSource("container " + named + " not found"));
            return Optional.of(downward.resource(about, reference)
                    .orElseThrow(() ->
                            new MissingSource("unsupported container resource : " + Tree.text(reference, "resource"))));
        }
        if (source.get("configMapKeyRef") instanceof ObjectNode reference) {
            return key(Kind.CONFIG_MAP, reference);
        }
        if (source.get("secretKeyRef") instanceof ObjectNode reference) {
            return key(Kind.SECRET, reference);
        }
        throw new MissingSource("container \"%s\": env \"%s\": its source is of a kind that is not read here"
                .formatted(container.name(), Tree.text(variable, "name")));
    }

    /// What variables are taken from.
    private record Kind(Resource resource, String word, String title) {
        static final Kind CONFIG_MAP = new Kind(Resource.CONFIG_MAPS, "configmap", "ConfigMap");
        static final Kind SECRET = new Kind(Resource.SECRETS, "secret", "Secret");
    }

    private Optional<String> key(Kind kind, ObjectNode reference) {
        String name = Tree.text(reference, "name");
        String key = Tree.text(reference, "key");
        Optional<SortedMap<String, String>> texts = texts(kind, name);
        Optional<String> value = texts.map(found -> found.get(key));
        if (value.isPresent() || Tree.flag(reference, "optional")) {
            return value;
        }
        throw new MissingSource(
                texts.isPresent()
                        ? "couldn't find key %s in %s %s/%s".formatted(key, kind.title, namespace(), name)
                        : "%s \"%s\" not found".formatted(kind.word, name));
    }

    private Optional<SortedMap<String, String>> texts(Kind kind, String name) {
        return objects.find(kind.resource, namespace(), name).map(object -> {
            SortedMap<String, String> texts = Tree.textMap(object, "data");
            if (kind.equals(Kind.SECRET)) {
                texts.replaceAll((_, text) -> new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
            }
            return texts;
        });
    }

    private void addAll(ObjectNode source, Map<String, String> out) {
        Kind kind = source.has("secretRef") ? Kind.SECRET : Kind.CONFIG_MAP;
        String field = kind.equals(Kind.SECRET) ? "secretRef" : "configMapRef";
        String name = Tree.text(source, field, "name");
        Optional<SortedMap<String, String>> texts = texts(kind, name);
        if (texts.isEmpty() && !Tree.flag(source, field, "optional")) {
            throw new MissingSource("%s \"%s\" not found".formatted(kind.word, name));
        }
        String prefix = Tree.text(source, "prefix");
        texts.ifPresent(found -> found.forEach((key, value) -> {
            if (NAME.matcher(prefix + key).matches()) {
                out.put(prefix + key, value);
            }
        }));
    }

    private String namespace() {
        return downward.pod().namespace();
    }

    // ---- Services by environment variable

    private Map<String, String> serviceLinks(Collection<ObjectNode> services) {
        boolean all = !Tree.has(downward.pod().object(), "spec", "enableServiceLinks")
                || Tree.flag(downward.pod().object(), "spec", "enableServiceLinks");
        Map<String, String> out = new LinkedHashMap<>();
        services.stream()
                .filter(service ->
                        isMaster(service) || all && Meta.namespace(service).equals(namespace()))
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
