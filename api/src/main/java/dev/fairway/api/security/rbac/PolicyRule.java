package dev.fairway.api.security.rbac;

import dev.fairway.api.security.Access;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One rule of a role: verbs on resources, or verbs on paths (rbac.authorization.k8s.io/v1 PolicyRule). Pure.
///
/// @param names only these objects; empty for all
/// @param paths of requests that name no resource; `*` at the end stands for any rest
public record PolicyRule(
        List<String> verbs, List<String> groups, List<String> resources, List<String> names, List<String> paths) {

    private static final String ANY = "*";

    public static final PolicyRule EVERYTHING =
            new PolicyRule(List.of(ANY), List.of(ANY), List.of(ANY), List.of(), List.of());
    public static final PolicyRule EVERY_PATH =
            new PolicyRule(List.of(ANY), List.of(), List.of(), List.of(), List.of(ANY));

    public PolicyRule {
        verbs = List.copyOf(verbs);
        groups = List.copyOf(groups);
        resources = List.copyOf(resources);
        names = List.copyOf(names);
        paths = List.copyOf(paths);
    }

    public static PolicyRule of(ObjectNode rule) {
        return new PolicyRule(
                Tree.texts(rule, "verbs"),
                Tree.texts(rule, "apiGroups"),
                Tree.texts(rule, "resources"),
                Tree.texts(rule, "resourceNames"),
                Tree.texts(rule, "nonResourceURLs"));
    }

    /// The rules of a role.
    public static List<PolicyRule> ofRole(ObjectNode role) {
        return Tree.objects(role, "rules").stream().map(PolicyRule::of).toList();
    }

    public ObjectNode toTree() {
        ObjectNode out = Json.object();
        put(out, "verbs", verbs);
        put(out, "apiGroups", groups);
        put(out, "resources", resources);
        put(out, "resourceNames", names);
        put(out, "nonResourceURLs", paths);
        return out;
    }

    private static void put(ObjectNode out, String field, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode list = out.putArray(field);
            values.forEach(list::add);
        }
    }

    public boolean allows(Access access) {
        return hasVerb(access.verb())
                && switch (access) {
                    case Access.ToPath to -> hasPath(to.path());
                    case Access.ToResource to ->
                        holds(groups, to.group())
                                && hasResource(to.plural(), to.subresource())
                                && (names.isEmpty() || names.contains(to.name()));
                };
    }

    private boolean hasVerb(String verb) {
        return holds(verbs, verb);
    }

    private static boolean holds(List<String> values, String value) {
        return values.contains(ANY) || values.contains(value);
    }

    /// `*/scale` stands for that subresource of every resource.
    private boolean hasResource(String plural, String subresource) {
        String path = subresource.isEmpty() ? plural : plural + "/" + subresource;
        return holds(resources, path) || (!subresource.isEmpty() && resources.contains("*/" + subresource));
    }

    private boolean hasPath(String path) {
        return paths.stream().anyMatch(each -> pathMatches(each, path));
    }

    private static boolean pathMatches(String pattern, String path) {
        return pattern.endsWith(ANY)
                ? path.startsWith(pattern.substring(0, pattern.length() - 1))
                : pattern.equals(path);
    }

    /// Whether everything that `other` grants is granted here too. `other` has one value in each list (see
    /// {@link #parts}).
    boolean covers(PolicyRule other) {
        if (!all(verbs, other.verbs)) {
            return false;
        }
        if (!other.paths.isEmpty()) {
            return other.paths.stream().allMatch(path -> paths.stream().anyMatch(mine -> pathMatches(mine, path)));
        }
        return all(groups, other.groups)
                && other.resources.stream().allMatch(this::coversResource)
                && (names.isEmpty() || (!other.names.isEmpty() && names.containsAll(other.names)));
    }

    private static boolean all(List<String> mine, List<String> others) {
        return mine.contains(ANY) || mine.containsAll(others);
    }

    private boolean coversResource(String resource) {
        int slash = resource.indexOf('/');
        return holds(resources, resource) || (slash >= 0 && resources.contains(ANY + resource.substring(slash)));
    }

    /// The rule as rules that grant one thing each.
    List<PolicyRule> parts() {
        List<PolicyRule> out = new ArrayList<>();
        for (String verb : verbs) {
            for (String group : groups) {
                for (String resource : resources) {
                    for (String name : names.isEmpty() ? List.of("") : names) {
                        List<String> named = name.isEmpty() ? List.of() : List.of(name);
                        out.add(new PolicyRule(List.of(verb), List.of(group), List.of(resource), named, List.of()));
                    }
                }
            }
            for (String path : paths) {
                out.add(new PolicyRule(List.of(verb), List.of(), List.of(), List.of(), List.of(path)));
            }
        }
        return out;
    }

    boolean grantsTheSameOn(PolicyRule other) {
        return groups.equals(other.groups)
                && resources.equals(other.resources)
                && names.equals(other.names)
                && paths.equals(other.paths);
    }

    /// The form in which refusals show a rule: `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`.
    String toText() {
        List<String> parts = new ArrayList<>();
        show(parts, "APIGroups", groups);
        show(parts, "Resources", resources);
        show(parts, "NonResourceURLs", paths);
        show(parts, "ResourceNames", names);
        show(parts, "Verbs", verbs);
        return "{" + String.join(", ", parts) + "}";
    }

    private static void show(List<String> parts, String name, List<String> values) {
        if (!values.isEmpty()) {
            parts.add(
                    name + ":" + values.stream().map(v -> "\"" + v + "\"").collect(Collectors.joining(" ", "[", "]")));
        }
    }
}
