package dev.fairway.api.security.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.api.kind.Kind;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.security.Access;
import dev.fairway.api.security.User;
import dev.fairway.schema.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What each part of the product may do, compared with a list that somebody has read.
class BootstrapRightsTest {

    private static final BootstrapPolicy POLICY = BootstrapPolicy.load();
    private static final RbacIndex INDEX = index();

    private static RbacIndex index() {
        RbacIndex index = new RbacIndex();
        POLICY.roles().forEach(role -> index.role(Optional.empty(), Optional.of(role)));
        POLICY.bindings().forEach(binding -> index.binding(Optional.empty(), Optional.of(binding)));
        return index;
    }

    @Test
    void eachPartHasTheRightsThatItNeedsAndNoMore() throws IOException {
        List<String> lines = new ArrayList<>();
        for (User user : List.of(
                User.ANONYMOUS,
                User.authenticated("somebody", List.of()),
                User.serviceAccount("default", "default", "", new java.util.TreeMap<>()),
                User.node("node-1"),
                User.authenticated("system:kube-proxy", List.of()),
                User.authenticated("system:fairway-edge", List.of()),
                User.authenticated("system:fairway-page", List.of()),
                User.authenticated("system:kube-controller-manager", List.of()))) {
            lines.add(user.name());
            new TreeSet<>(INDEX.rules(user, "").stream()
                            .map(BootstrapRightsTest::line)
                            .toList())
                    .forEach(line -> lines.add("  " + line));
        }
        assertThat(String.join("\n", lines) + "\n").isEqualTo(golden());
    }

    private static String line(PolicyRule rule) {
        String what = rule.paths().isEmpty()
                ? String.join(",", rule.groups()) + " " + String.join(",", rule.resources())
                : "url " + String.join(",", rule.paths());
        return String.join(",", rule.verbs()) + " " + what.replaceAll("^[ ,]", "core$0");
    }

    private static String golden() throws IOException {
        try (InputStream in = BootstrapRightsTest.class.getResourceAsStream("rights.txt")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void nobodyButTheAdministratorMayGrantRightsOrReadEverySecret() {
        for (ObjectNode binding : POLICY.bindings()) {
            if (Tree.text(binding, "metadata", "name").equals("cluster-admin")) {
                continue;
            }
            for (PolicyRule rule : POLICY.rulesOf(Tree.text(binding, "roleRef", "name"))) {
                assertThat(rule.verbs()).doesNotContain("*", "bind", "escalate", "impersonate");
                assertThat(rule.resources()).doesNotContain("*");
                assertThat(rule.groups()).doesNotContain("*");
            }
        }
    }

    @Test
    void theControllersMayEndWhateverIsServed() {
        User controllers = User.authenticated("system:kube-controller-manager", List.of());
        for (Kind kind : Kinds.standard().all()) {
            for (String verb : List.of("get", "list", "watch", "patch", "update", "delete")) {
                Access access = new Access.ToResource(
                        verb,
                        kind.resource().group(),
                        kind.resource().plural(),
                        "",
                        kind.resource().namespaced() ? "a" : "",
                        "x");
                assertThat(INDEX.decide(controllers, access).allowed())
                        .as("%s %s", verb, kind.resource().qualifiedName())
                        .isTrue();
            }
        }
    }

    @Test
    void rolesForPeopleGrowFromViewOverEditToAdmin() {
        assertThat(may("view", "get", "services")).isTrue();
        assertThat(may("view", "get", "secrets")).isFalse();
        assertThat(may("view", "create", "services")).isFalse();
        assertThat(may("edit", "create", "services")).isTrue();
        assertThat(may("edit", "get", "secrets")).isTrue();
        assertThat(may("edit", "update", "roles")).isFalse();
        assertThat(may("admin", "update", "roles")).isTrue();
        assertThat(may("admin", "create", "services")).isTrue();
        assertThat(may("admin", "delete", "nodes")).isFalse();
    }

    private static boolean may(String role, String verb, String plural) {
        String group = plural.equals("roles") ? "rbac.authorization.k8s.io" : "";
        Access access = new Access.ToResource(verb, group, plural, "", "a", "x");
        return POLICY.rulesOf(role).stream().anyMatch(rule -> rule.allows(access));
    }
}
