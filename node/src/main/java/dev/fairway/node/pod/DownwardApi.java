package dev.fairway.node.pod;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.Quantity;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// What a pod may read of itself, for variables and files. Pure.
///
/// @param addresses the pod's own
/// @param capacity what the node has, for limits that are not set: `cpu`, `memory`, `ephemeral-storage`
public record DownwardApi(
        PodSpec pod,
        List<IpAddress> addresses,
        List<IpAddress> hostAddresses,
        String node,
        Map<String, Quantity> capacity) {

    private static final Pattern KEYED = Pattern.compile("metadata\\.(labels|annotations)\\['(.+)'\\]");
    private static final Quantity ONE = Quantity.of(1);

    public DownwardApi {
        addresses = List.copyOf(addresses);
        hostAddresses = List.copyOf(hostAddresses);
        capacity = Map.copyOf(capacity);
    }

    /// The value of a `fieldPath`; empty for one that does not exist.
    public Optional<String> field(String path) {
        Matcher keyed = KEYED.matcher(path);
        if (keyed.matches()) {
            return Optional.of(Tree.text(pod.object(), "metadata", keyed.group(1), keyed.group(2)));
        }
        return Optional.ofNullable(
                switch (path) {
                    case "metadata.name" -> pod.name();
                    case "metadata.namespace" -> pod.namespace();
                    case "metadata.uid" -> pod.uid();
                    case "metadata.labels" -> lines(Tree.textMap(pod.object(), "metadata", "labels"));
                    case "metadata.annotations" -> lines(Tree.textMap(pod.object(), "metadata", "annotations"));
                    case "spec.nodeName" -> node;
                    case "spec.serviceAccountName" -> Tree.text(pod.object(), "spec", "serviceAccountName");
                    case "status.podIP" -> first(addresses);
                    case "status.podIPs" -> joined(addresses);
                    case "status.hostIP" -> first(hostAddresses);
                    case "status.hostIPs" -> joined(hostAddresses);
                    default -> null;
                });
    }

    /// The value of a `resourceFieldRef`: rounded up to whole divisors. A limit that is not set is what the node has, a
    /// request that is not set is the limit or zero.
    ///
    /// @param container that the reference is about
    public Optional<String> resource(ObjectNode container, ObjectNode reference) {
        String[] path = Tree.text(reference, "resource").split("\\.", 2);
        if (path.length != 2 || !List.of("limits", "requests").contains(path[0])) {
            return Optional.empty();
        }
        Optional<Quantity> set = Quantity.of(Tree.at(container, "resources", path[0], path[1]));
        Quantity absent = path[0].equals("limits") ? capacity.getOrDefault(path[1], Quantity.of(0)) : Quantity.of(0);
        Quantity divisor = Quantity.of(Tree.at(reference, "divisor"))
                .filter(unit -> unit.value().signum() > 0)
                .orElse(ONE);
        return Optional.of(String.valueOf(set.orElse(absent).in(divisor)));
    }

    /// `key="value"` lines, the values escaped.
    private static String lines(SortedMap<String, String> map) {
        return map.entrySet().stream()
                .map(entry -> entry.getKey() + "=\"" + escaped(entry.getValue()) + "\"")
                .collect(Collectors.joining("\n"));
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\t", "\\t")
                .replace("\r", "\\r");
    }

    private static String first(List<IpAddress> list) {
        return list.isEmpty() ? "" : list.getFirst().toString();
    }

    private static String joined(List<IpAddress> list) {
        return list.stream().map(IpAddress::toString).collect(Collectors.joining(","));
    }
}
