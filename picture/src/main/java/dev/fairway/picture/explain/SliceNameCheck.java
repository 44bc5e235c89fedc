package dev.fairway.picture.explain;

import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// A Service without selector, whose endpoints somebody wrote by hand: they count only for ports of the same name.
final class SliceNameCheck {

    private SliceNameCheck() {}

    /// @param slices its own
    static List<Finding> findings(ObjectKey key, ObjectNode service, List<ObjectNode> slices) {
        Set<String> names = slices.stream()
                .filter(slice -> !Tree.objects(slice, "endpoints").isEmpty())
                .flatMap(slice -> Tree.objects(slice, "ports").stream())
                .map(port -> Tree.text(port, "name"))
                .collect(Collectors.toCollection(TreeSet::new));
        List<Finding> out = new ArrayList<>();
        List<ObjectNode> ports = Tree.objects(service, "spec", "ports");
        for (int i = 0; i < ports.size() && !names.isEmpty(); i++) {
            String name = Tree.text(ports.get(i), "name");
            if (!names.contains(name)) {
                out.add(finding(key, i, name, names));
            }
        }
        return out;
    }

    private static Finding finding(ObjectKey key, int index, String name, Set<String> names) {
        String there = names.stream().map(SliceNameCheck::shown).collect(Collectors.joining(", "));
        String fix = Nearest.of(name, names)
                .or(() -> names.stream().findFirst())
                .map(other -> "kubectl patch service " + key.name() + " -n " + key.namespace()
                        + " --type=json -p '[{\"op\":\"add\",\"path\":\"/spec/ports/" + index
                        + "/name\",\"value\":\"" + other + "\"}]'")
                .orElseThrow();
        return new Finding(
                Code.SLICE_PORT_NAME_DIFFERS,
                key,
                "its port " + shown(name) + " has no port of that name in its endpoint slices, which have " + there,
                List.of("spec.ports[" + index + "].name: " + shown(name), "names in the slices: " + there),
                fix);
    }

    private static String shown(String name) {
        return name.isEmpty() ? "without a name" : "\"" + name + "\"";
    }
}
