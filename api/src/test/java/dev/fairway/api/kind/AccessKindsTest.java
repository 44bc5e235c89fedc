package dev.fairway.api.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The kinds of `rbac.authorization.k8s.io`: each row is one rule of upstream's `pkg/apis/rbac/validation`.
class AccessKindsTest {

    private final Rig rig = new Rig(ServiceRanges.USUAL);

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            roles        | {'verbs':['get'],'apiGroups':[''],'resources':['pods']}                        |
            roles        | {'apiGroups':[''],'resources':['pods']}                    | rules[0].verbs: Required value: verbs must contain at least one value
            roles        | {'verbs':['get'],'resources':['pods']}                     | rules[0].apiGroups: Required value: resource rules must supply at least one api group
            roles        | {'verbs':['get'],'apiGroups':['']}                         | rules[0].resources: Required value: resource rules must supply at least one resource
            roles        | {'verbs':['get'],'apiGroups':[''],'resources':['a','b'],'resourceNames':['c']} | rules[0].resourceNames: Required value: resource names cannot apply to multiple resources
            roles        | {'verbs':['get'],'nonResourceURLs':['/x']}                 | rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs
            clusterroles | {'verbs':['get'],'nonResourceURLs':['/x']}                                     |
            clusterroles | {'verbs':['get'],'nonResourceURLs':['/x'],'resources':['a']} | rules[0].nonResourceURLs: Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs
            """)
    void rules(String plural, String rule, @Nullable String refusal) {
        ServiceValidationTest.assertMatches(
                Rig.refusal(() -> rig.create(Rig.resource(plural), "system:one", "{'rules':[" + rule + "]}")), refusal);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'clusterRoleSelectors':[{'matchLabels':{'a':'b'}}]}   |
            {}                                                     | aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil
            {'clusterRoleSelectors':[{'matchLabels':{'a/b/c':'b'}}]} | aggregationRule.clusterRoleSelectors[0].matchLabels: Invalid value: "a/b/c": *
            """)
    void aggregation(String rule, @Nullable String refusal) {
        ServiceValidationTest.assertMatches(
                Rig.refusal(() -> rig.create(Resource.CLUSTER_ROLES, "one", "{'aggregationRule':" + rule + "}")),
                refusal);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            rolebindings        | {'kind':'Role','name':'a'}                       |
            rolebindings        | {'kind':'ClusterRole','name':'system:a'}         |
            rolebindings        | {'kind':'User','name':'a'}                       | roleRef.kind: Unsupported value: "User": supported values: "ClusterRole", "Role"
            clusterrolebindings | {'kind':'Role','name':'a'}                       | roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"
            clusterrolebindings | {'kind':'ClusterRole'}                           | roleRef.name: Required value
            clusterrolebindings | {'kind':'ClusterRole','name':'a/b'}              | roleRef.name: Invalid value: "a/b": may not contain '/'
            clusterrolebindings | {'kind':'ClusterRole','name':'a','apiGroup':'x'} | roleRef.apiGroup: Unsupported value: "x": supported values: "rbac.authorization.k8s.io"
            """)
    void roles(String plural, String role, @Nullable String refusal) {
        ServiceValidationTest.assertMatches(
                Rig.refusal(() -> rig.create(Rig.resource(plural), "one", "{'roleRef':" + role + "}")), refusal);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            rolebindings        | {'kind':'ServiceAccount','name':'a'}                 |
            clusterrolebindings | {'kind':'ServiceAccount','name':'a'}                 | subjects[0].namespace: Required value
            clusterrolebindings | {'kind':'ServiceAccount','name':'a','namespace':'b'} |
            rolebindings        | {'kind':'ServiceAccount','name':'A'}                 | subjects[0].name: Invalid value: "A": a lowercase RFC 1123 subdomain*
            rolebindings        | {'kind':'ServiceAccount','name':'a','apiGroup':'x'}  | subjects[0].apiGroup: Unsupported value: "x": supported values: ""
            rolebindings        | {'kind':'User','name':'Anna'}                        |
            rolebindings        | {'kind':'Group','name':'system:masters'}             |
            rolebindings        | {'kind':'Group','name':'g','apiGroup':'x'}           | subjects[0].apiGroup: Unsupported value: "x": supported values: "rbac.authorization.k8s.io"
            rolebindings        | {'kind':'User'}                                      | [subjects[0].name: Required value, subjects[0].name: Invalid value: "": user name cannot be empty]
            rolebindings        | {'kind':'Robot','name':'r'}                          | subjects[0].kind: Unsupported value: "Robot": supported values: "Group", "ServiceAccount", "User"
            """)
    void subjects(String plural, String subject, @Nullable String refusal) {
        String object = "{'roleRef':{'kind':'ClusterRole','name':'a'},'subjects':[" + subject + "]}";
        ServiceValidationTest.assertMatches(
                Rig.refusal(() -> rig.create(Rig.resource(plural), "one", object)), refusal);
    }

    @Test
    void groupsOfReferencesAreFilledIn() {
        String made = Json.toText(rig.create(
                Resource.ROLE_BINDINGS,
                "one",
                "{'roleRef':{'kind':'Role','name':'a'},'subjects':[{'kind':'User','name':'u'}]}"));
        assertThat(made)
                .contains("\"roleRef\":{\"kind\":\"Role\",\"name\":\"a\",\"apiGroup\":\"rbac.authorization.k8s.io\"}")
                .contains("{\"kind\":\"User\",\"name\":\"u\",\"apiGroup\":\"rbac.authorization.k8s.io\"}");
    }

    @Test
    void aBindingKeepsItsRole() {
        rig.create(Resource.ROLE_BINDINGS, "one", "{'roleRef':{'kind':'Role','name':'a'}}");
        assertThat(Rig.refusal(() -> rig.edit(
                        Resource.ROLE_BINDINGS,
                        "one",
                        binding -> Tree.makeObject(binding, "roleRef").put("name", "b"))))
                .isEqualTo("roleRef: Invalid value: {\"kind\":\"Role\",\"name\":\"b\",\"apiGroup\":"
                        + "\"rbac.authorization.k8s.io\"}: cannot change roleRef");
    }

    @ParameterizedTest
    @CsvSource({"a%b, may not contain '%'", ".., may not be '..'"})
    void names(String name, String refusal) {
        assertThat(Rig.refusal(() -> rig.create(Resource.CLUSTER_ROLES, name, "{}")))
                .isEqualTo("metadata.name: Invalid value: \"" + name + "\": " + refusal);
    }
}
