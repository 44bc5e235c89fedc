package dev.fairway.api.security.rbac;

import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The roles and bindings that every cluster has, read from `bootstrap.txt` beside this class.
public final class BootstrapPolicy {

    private static final String GROUP = "rbac.authorization.k8s.io";

    private final List<ObjectNode> roles;
    private final List<ObjectNode> bindings;

    private BootstrapPolicy(List<ObjectNode> roles, List<ObjectNode> bindings) {
        this.roles = roles;
        this.bindings = bindings;
    }

    public static BootstrapPolicy load() {
        try (InputStream in = BootstrapPolicy.class.getResourceAsStream("bootstrap.txt")) {
            if (in == null) {
                throw new IllegalStateException("bootstrap.txt is not in the program");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("reading bootstrap.txt", e);
        }
    }

    static BootstrapPolicy parse(String text) {
        BootstrapPolicy parts = new BootstrapPolicy(new ArrayList<>(), new ArrayList<>());
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(parts::line);
        return new BootstrapPolicy(Aggregation.atRest(parts.roles), List.copyOf(parts.bindings));
    }

    private void line(String line) {
        String[] words = line.strip().split(" +");
        if (line.startsWith("  ")) {
            ObjectNode role = roles.getLast();
            if (words[0].equals("aggregates")) {
                aggregate(role, words[1]);
            } else if (words[0].equals("part-of")) {
                Tree.makeObject(role, "metadata", "labels").put(words[1], "true");
            } else {
                Tree.makeArray(role, "rules").add(rule(words).toTree());
            }
        } else if (words[0].equals("role")) {
            roles.add(object("ClusterRole", words[1]));
        } else {
            bindings.add(binding(words));
        }
    }

    private static void aggregate(ObjectNode role, String label) {
        role.putArray("rules");
        ObjectNode selector = Tree.makeArray(Tree.makeObject(role, "aggregationRule"), "clusterRoleSelectors")
                .addObject();
        Tree.makeObject(selector, "matchLabels").put(label, "true");
    }

    /// `verbs group resources [names]`, or `verbs url paths`.
    private static PolicyRule rule(String[] words) {
        List<String> verbs = list(words[0]);
        if (words[1].equals("url")) {
            return new PolicyRule(verbs, List.of(), List.of(), List.of(), list(words[2]));
        }
        List<String> groups =
                list(words[1]).stream().map(g -> g.equals("core") ? "" : g).toList();
        List<String> names = words.length > 3 ? list(words[3]) : List.of();
        return new PolicyRule(verbs, groups, list(words[2]), names, List.of());
    }

    private static List<String> list(String word) {
        return switch (word) {
            case "READ" -> List.of("get", "list", "watch");
            case "WRITE" -> List.of("create", "delete", "deletecollection", "patch", "update");
            default -> List.of(word.split(","));
        };
    }

    /// `bind ROLE to group:NAME user:NAME account:NAMESPACE/NAME ...`.
    private static ObjectNode binding(String[] words) {
        ObjectNode binding = object("ClusterRoleBinding", words[1]);
        binding.putObject("roleRef")
                .put("apiGroup", GROUP)
                .put("kind", "ClusterRole")
                .put("name", words[1]);
        ArrayNode subjects = binding.putArray("subjects");
        for (int i = 3; i < words.length; i++) {
            int colon = words[i].indexOf(':');
            subject(subjects.addObject(), words[i].substring(0, colon), words[i].substring(colon + 1));
        }
        return binding;
    }

    private static void subject(ObjectNode subject, String kind, String name) {
        switch (kind) {
            case "group" -> subject.put("kind", "Group").put("apiGroup", GROUP).put("name", name);
            case "user" -> subject.put("kind", "User").put("apiGroup", GROUP).put("name", name);
            case "account" -> {
                String[] parts = name.split("/");
                subject.put("kind", "ServiceAccount").put("name", parts[1]).put("namespace", parts[0]);
            }
            default -> throw new IllegalStateException("bootstrap.txt: no kind of subject is called " + kind);
        }
    }

    private static ObjectNode object(String kind, String name) {
        ObjectNode object = Json.object().put("apiVersion", GROUP + "/v1").put("kind", kind);
        ObjectNode meta = object.putObject("metadata").put("name", name);
        meta.putObject("annotations").put(Reconciliation.AUTO_UPDATE, "true");
        meta.putObject("labels").put("kubernetes.io/bootstrapping", "rbac-defaults");
        return object;
    }

    public List<ObjectNode> roles() {
        return List.copyOf(roles);
    }

    public List<ObjectNode> bindings() {
        return List.copyOf(bindings);
    }

    /// The rules of one of the roles.
    public List<PolicyRule> rulesOf(String role) {
        return roles.stream()
                .filter(each -> Tree.text(each, "metadata", "name").equals(role))
                .flatMap(each -> PolicyRule.ofRole(each).stream())
                .toList();
    }

    /// Both, each with its collection.
    List<Reconciliation.Wanted> wanted() {
        List<Reconciliation.Wanted> out = new ArrayList<>();
        roles.forEach(role -> out.add(new Reconciliation.Wanted(Resource.CLUSTER_ROLES, role)));
        bindings.forEach(binding -> out.add(new Reconciliation.Wanted(Resource.CLUSTER_ROLE_BINDINGS, binding)));
        return out;
    }
}
