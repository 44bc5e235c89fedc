package dev.fairway.api.security.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.api.security.Access;
import dev.fairway.api.security.User;
import dev.fairway.api.security.Verdict;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Who may do what, and by which binding.
class RbacTest {

    private static final RbacIndex INDEX = index();

    private static RbacIndex index() {
        RbacIndex index = new RbacIndex();
        role(index, "", "reader", rule("get,list,watch", "", "pods,pods/log", "", ""));
        role(index, "", "scaler", rule("get,update", "*", "*/scale", "", ""));
        role(index, "", "one-map", rule("get,update", "", "configmaps", "settings", ""));
        role(index, "", "paths", rule("get", "", "", "", "/logs/*,/metrics"));
        role(index, "", "all", rule("*", "*", "*", "", ""));
        role(index, "", "apps", rule("*", "apps", "deployments", "", ""));
        role(index, "a", "reader", rule("get", "", "secrets", "", ""));
        binding(index, "", "readers", "ClusterRole", "reader", "Group", "dev");
        binding(index, "", "scalers", "ClusterRole", "scaler", "User", "sam");
        binding(index, "", "paths", "ClusterRole", "paths", "User", "sam");
        binding(index, "a", "maps", "ClusterRole", "one-map", "User", "mia");
        binding(index, "a", "keys", "Role", "reader", "ServiceAccount", "bot");
        binding(index, "b", "owner", "ClusterRole", "all", "User", "bob");
        binding(index, "b", "apps", "ClusterRole", "apps", "Group", "system:serviceaccounts:a");
        binding(index, "b", "lost", "ClusterRole", "nowhere", "User", "mia");
        return index;
    }

    private static void role(RbacIndex index, String namespace, String name, PolicyRule rule) {
        ObjectNode role = named(namespace, name);
        Tree.makeArray(role, "rules").add(rule.toTree());
        index.role(Optional.empty(), Optional.of(role));
    }

    private static PolicyRule rule(String verbs, String groups, String resources, String names, String paths) {
        List<String> inGroups = resources.isEmpty() ? List.of() : List.of(groups.split(","));
        return new PolicyRule(list(verbs), inGroups, list(resources), list(names), list(paths));
    }

    private static List<String> list(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(","));
    }

    private static ObjectNode binding(
            RbacIndex index, String namespace, String name, String kind, String role, String subject, String who) {
        ObjectNode binding = named(namespace, name);
        binding.putObject("roleRef").put("kind", kind).put("name", role);
        ObjectNode entry =
                binding.putArray("subjects").addObject().put("kind", subject).put("name", who);
        if (subject.equals("ServiceAccount")) {
            entry.put("namespace", "a");
        }
        index.binding(Optional.empty(), Optional.of(binding));
        return binding;
    }

    private static ObjectNode named(String namespace, String name) {
        ObjectNode out = Json.object();
        ObjectNode meta = out.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            meta.put("namespace", namespace);
        }
        return out;
    }

    private static User user(String text) {
        String[] parts = text.split("/");
        return text.contains(":")
                ? User.serviceAccount("a", text.substring(text.lastIndexOf(':') + 1), "", new java.util.TreeMap<>())
                : User.authenticated(parts[0], parts.length > 1 ? List.of(parts[1]) : List.of());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        ann/dev | get    |      | pods           | x        | a | ClusterRoleBinding "readers" of ClusterRole "reader" to Group "dev"
        ann/dev | watch  |      | pods           | -        | - | ClusterRoleBinding "readers" of ClusterRole "reader" to Group "dev"
        ann/dev | get    |      | pods/log       | x        | a | ClusterRoleBinding "readers" of ClusterRole "reader" to Group "dev"
        ann/dev | get    |      | pods/exec      | x        | a | -
        ann/dev | delete |      | pods           | x        | a | -
        ann/dev | get    | apps | pods           | x        | a | -
        ann     | get    |      | pods           | x        | a | -
        dev     | get    |      | pods           | x        | a | -
        sam     | update | apps | deployments/scale | x     | a | ClusterRoleBinding "scalers" of ClusterRole "scaler" to User "sam"
        sam     | get    |      | replicationcontrollers/scale | x | - | ClusterRoleBinding "scalers" of ClusterRole "scaler" to User "sam"
        sam     | update | apps | deployments    | x        | a | -
        sam     | get    |      | scale          | x        | a | -
        mia     | get    |      | configmaps     | settings | a | RoleBinding "maps/a" of ClusterRole "one-map" to User "mia"
        mia     | get    |      | configmaps     | other    | a | -
        mia     | list   |      | configmaps     | -        | a | -
        mia     | get    |      | configmaps     | -        | a | -
        mia     | get    |      | configmaps     | settings | b | -
        mia     | get    |      | configmaps     | settings | - | -
        a:bot   | get    |      | secrets        | x        | a | RoleBinding "keys/a" of Role "reader" to ServiceAccount "bot/a"
        a:bot   | get    |      | secrets        | x        | b | -
        a:bot   | list   |      | secrets        | -        | a | -
        a:other | get    |      | secrets        | x        | a | -
        a:other | create | apps | deployments    | x        | b | RoleBinding "apps/b" of ClusterRole "apps" to Group "system:serviceaccounts:a"
        a:other | create | apps | deployments    | x        | a | -
        a:other | create | apps | deployments/status | x    | b | -
        bob     | delete | any.group | things/sub | x       | b | RoleBinding "owner/b" of ClusterRole "all" to User "bob"
        bob     | *      | *    | *              | -        | b | RoleBinding "owner/b" of ClusterRole "all" to User "bob"
        bob     | delete |      | namespaces     | b        | - | -
        bob     | delete |      | nodes          | n        | - | -
        """)
    void rights(String who, String verb, String group, String resource, String name, String namespace, String by) {
        String[] path = resource.split("/");
        Access access = new Access.ToResource(
                verb, text(group), path[0], path.length > 1 ? path[1] : "", text(namespace), text(name));
        check(INDEX.decide(user(who), access), by);
    }

    private static String text(@org.jspecify.annotations.Nullable String value) {
        return value == null ? "" : value;
    }

    private static void check(Verdict verdict, @org.jspecify.annotations.Nullable String by) {
        assertThat(verdict.allowed()).isEqualTo(by != null);
        assertThat(verdict.reason()).isEqualTo(by == null ? "" : "RBAC: allowed by " + by);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        sam | get  | /metrics        | true
        sam | get  | /metrics/slis   | false
        sam | get  | /logs/          | true
        sam | get  | /logs/audit/x   | true
        sam | get  | /logs           | false
        sam | post | /metrics        | false
        bob | get  | /metrics        | false
        mia | get  | /metrics        | false
        """)
    void rightsOnPaths(String who, String verb, String path, boolean allowed) {
        assertThat(INDEX.decide(user(who), new Access.ToPath(verb, path)).allowed())
                .isEqualTo(allowed);
    }

    @Test
    void aRightEndsWithItsBindingAndWithItsRole() {
        RbacIndex index = new RbacIndex();
        role(index, "", "reader", rule("get", "", "pods", "", ""));
        Access access = new Access.ToResource("get", "", "pods", "", "a", "x");
        ObjectNode first = binding(index, "a", "one", "ClusterRole", "reader", "User", "eve");
        assertThat(index.decide(user("eve"), access).allowed()).isTrue();
        index.binding(Optional.of(first), Optional.empty());
        assertThat(index.decide(user("eve"), access).allowed()).isFalse();
        ObjectNode second = binding(index, "a", "two", "ClusterRole", "reader", "User", "eve");
        ObjectNode other = second.deepCopy();
        Tree.objects(other, "subjects").getFirst().put("name", "ivy");
        index.binding(Optional.of(second), Optional.of(other));
        assertThat(index.decide(user("eve"), access).allowed()).isFalse();
        assertThat(index.decide(user("ivy"), access).allowed()).isTrue();
        index.role(Optional.of(named("", "reader")), Optional.empty());
        assertThat(index.decide(user("ivy"), access).allowed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        * * *            | get core pods x     | true
        get core pods    | get core pods       | true
        get core pods    | get core pods x     | true
        get core pods x  | get core pods       | false
        get core pods x  | get core pods x     | true
        get core pods x  | get core pods y     | false
        get core pods    | list core pods      | false
        get core pods    | get apps pods       | false
        get core *       | get core pods/exec  | true
        get core pods    | get core pods/exec  | false
        get core */scale | get core a/scale    | true
        get core */scale | get core a/status   | false
        get core pods    | get core *          | false
        get core pods    | * core pods         | false
        get url /a/*     | get url /a/b        | true
        get url /a/*     | get url /a/*        | true
        get url /a       | get url /a/*        | false
        get url *        | get url /a/*        | true
        """)
    void oneRuleCoversAnother(String held, String wanted, boolean covered) {
        PolicyRule part = parse(wanted).parts().getFirst();
        assertThat(parse(held).covers(part)).isEqualTo(covered);
    }

    private static PolicyRule parse(String text) {
        return BootstrapPolicy.parse("role r\n  " + text + "\n").rulesOf("r").getFirst();
    }

    @Test
    void anAggregatedRoleHasTheRulesOfItsParts() {
        BootstrapPolicy policy = BootstrapPolicy.parse("""
            role whole
              aggregates to-whole
            role one
              part-of to-whole
              get core pods
            role two
              part-of to-whole
              get core pods
              list core nodes
            role three
              get core secrets
            """);
        ObjectNode empty = policy.roles().getFirst().deepCopy();
        empty.remove("rules");
        ObjectNode whole = Aggregation.wanted(empty, policy.roles()).orElseThrow();
        assertThat(PolicyRule.ofRole(whole).stream().map(PolicyRule::toText))
                .containsExactly(
                        "{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"get\"]}",
                        "{APIGroups:[\"\"], Resources:[\"nodes\"], Verbs:[\"list\"]}");
        assertThat(Aggregation.wanted(whole, policy.roles())).isEmpty();
    }

    @Test
    void aStartAddsWhatIsMissingAndKeepsWhatWasAdded() {
        BootstrapPolicy policy = BootstrapPolicy.parse("""
            role r
              get,list core pods
              get core nodes
            """);
        ObjectNode wanted = policy.roles().getFirst();
        ObjectNode standing = wanted.deepCopy();
        Tree.makeArray(standing, "rules").removeAll();
        Tree.makeArray(standing, "rules")
                .add(parse("* core pods").toTree())
                .add(parse("get core secrets").toTree());
        ObjectNode merged = Reconciliation.merged(standing, wanted).orElseThrow();
        assertThat(PolicyRule.ofRole(merged))
                .containsExactly(parse("* core pods"), parse("get core secrets"), parse("get core nodes"));
        assertThat(Reconciliation.merged(merged, wanted)).isEmpty();
        Tree.makeObject(standing, "metadata", "annotations").put(Reconciliation.AUTO_UPDATE, "false");
        assertThat(Reconciliation.merged(standing, wanted)).isEmpty();
    }
}
