package dev.fairway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.api.security.CertifiedKey;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Who one is and what one may, as kubectl shows it; roles that grant it; and what the audit log says afterwards.
class AccessTest {

    @TempDir
    static Path folder;

    private static Cluster cluster;

    @BeforeAll
    static void start() throws Exception {
        Path tokens = Files.writeString(folder.resolve("tokens.csv"), """
            # token,user,uid,groups
            pipeline-secret-token,pipeline,7,"builders,testers"
            """);
        cluster = Cluster.start(tokens, folder.resolve("audit"));
        cluster.writeKubeconfig("jane", List.of("developers"));
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        system:kube-controller-manager |              | system:kube-controller-manager
        system:fairway-edge            |              | system:fairway-edge
        system:kube-proxy              |              | system:kube-proxy
        system:node:node-1             | system:nodes | system:node:node-1
        """)
    void eachPartIsKnownAndHasNoRightToEverything(String user, String group, String name) throws Exception {
        cluster.writeKubeconfig(user, group == null ? List.of() : List.of(group));
        Ran whoami = cluster.kubectlAs(user, "auth", "whoami", "-o", "jsonpath={.status.userInfo.username}");
        assertThat(whoami.all()).isEqualTo(name);
        Ran rights = cluster.kubectlAs(user, "auth", "can-i", "--list");
        assertThat(rights.exit()).as(rights.err()).isZero();
        assertThat(rights.out()).contains("Resources").contains("selfsubjectreviews.authentication.k8s.io");
        assertThat(rights.out().lines().filter(line -> line.startsWith("*"))).isEmpty();
        assertThat(cluster.kubectlAs(user, "auth", "can-i", "create", "clusterrolebindings")
                        .out())
                .startsWith("no");
        assertThat(cluster.kubectlAs(user, "auth", "can-i", "create", "pods", "--subresource=exec")
                        .out())
                .startsWith("no");
    }

    @Test
    void theAdministratorMayDoEverything() throws Exception {
        Ran rights = cluster.kubectl("auth", "can-i", "--list");
        assertThat(rights.out().lines().map(line -> Arrays.asList(line.split(" +"))))
                .contains(List.of("*.*", "[]", "[]", "[*]"));
    }

    @Test
    void aRoleGrantsAndNobodyGrantsWhatTheyDoNotHave() throws Exception {
        Script.play(cluster, """
            $ kubectl create namespace team
            namespace/team created
            $ kubectl auth can-i list services -n team --as jane --as-group developers
            no
            $ kubectl create rolebinding devs -n team --clusterrole=edit --group=developers
            rolebinding.rbac.authorization.k8s.io/devs created
            $ kubectl auth can-i list services -n team --as jane --as-group developers
            yes
            $ kubectl auth can-i list services --as jane --as-group developers
            no
            $ kubectl auth can-i create roles -n team --as jane --as-group developers
            no
            $ kubectl create role reader -n team --verb=get --resource=pods
            role.rbac.authorization.k8s.io/reader created
            $ kubectl create rolebinding chiefs -n team --clusterrole=admin --user=boss
            rolebinding.rbac.authorization.k8s.io/chiefs created
            $ kubectl create role mine -n team --verb=get --resource=services --as boss
            role.rbac.authorization.k8s.io/mine created
            $ kubectl create clusterrole nothing --aggregation-rule=no=match
            clusterrole.rbac.authorization.k8s.io/nothing created
            $ kubectl create rolebinding none -n team --clusterrole=nothing --user=boss --as boss
            rolebinding.rbac.authorization.k8s.io/none created
            """);
        Ran grant = cluster.kubectl(
                "create", "role", "far", "-n", "team", "--verb=get", "--resource=nodes", "--as", "boss");
        assertThat(grant.err())
                .contains("is attempting to grant RBAC permissions not currently held:")
                .contains("{APIGroups:[\"\"], Resources:[\"nodes\"], Verbs:[\"get\"]}");
        Ran bind = cluster.kubectl(
                "create",
                "rolebinding",
                "up",
                "-n",
                "team",
                "--clusterrole=cluster-admin",
                "--user=boss",
                "--as",
                "boss");
        assertThat(bind.err()).contains("is attempting to grant RBAC permissions not currently held:");
    }

    @Test
    void onlyWhoMayImpersonateActsAsSomebodyElse() throws Exception {
        assertThat(cluster.kubectl("auth", "whoami", "--as", "kim", "--as-group", "a", "--as-uid", "9", "-o", "json")
                        .out())
                .contains("\"username\": \"kim\"", "\"uid\": \"9\"", "\"a\"");
        CertifiedKey jane = cluster.authority.client("jane", "jane", List.of("developers"));
        try (Http http = Http.with(cluster, HttpClient.Version.HTTP_2, jane)) {
            assertThat(Tree.text(http.get("/api/v1/secrets", "Impersonate-User", "admin"), "message"))
                    .isEqualTo("users \"admin\" is forbidden: User \"jane\" cannot impersonate resource \"users\" "
                            + "in API group \"\" at the cluster scope");
        }
    }

    @Test
    void aPodGetsItsAccountAndATokenVolume() {
        ObjectNode pod = cluster.client.create(Resource.PODS, Json.parse("""
            {"metadata": {"namespace": "default", "name": "web"},
             "spec": {"containers": [{"name": "c", "image": "i"}]}}"""));
        assertThat(Tree.text(pod, "spec", "serviceAccountName")).isEqualTo("default");
        ObjectNode volume = Tree.objects(pod, "spec", "volumes").getFirst();
        assertThat(Tree.text(volume, "name")).startsWith("kube-api-access-");
        assertThat(Tree.objects(volume, "projected", "sources")).hasSize(3);
        ObjectNode mount = Tree.objects(Tree.objects(pod, "spec", "containers").getFirst(), "volumeMounts")
                .getFirst();
        assertThat(Tree.text(mount, "mountPath")).isEqualTo("/var/run/secrets/kubernetes.io/serviceaccount");
        assertThat(Tree.flag(mount, "readOnly")).isTrue();
    }

    @Test
    void aTokenOfAnAccountIsMadeReviewedAndPublished() throws Exception {
        Ran made = cluster.kubectl("create", "token", "default", "--duration=20m", "--audience=shop");
        assertThat(made.err()).isEmpty();
        try (Http http = Http.of(cluster, HttpClient.Version.HTTP_2)) {
            ObjectNode review = review(http, made.out().strip(), "shop");
            assertThat(Tree.flag(review, "status", "authenticated")).isTrue();
            assertThat(Tree.texts(review, "status", "audiences")).containsExactly("shop");
            assertThat(Tree.flag(review(http, made.out().strip(), "other"), "status", "authenticated"))
                    .isFalse();
            ObjectNode discovery = http.get("/.well-known/openid-configuration");
            assertThat(Tree.text(discovery, "issuer")).isEqualTo("https://kubernetes.default.svc");
            assertThat(Tree.objects(http.get("/openid/v1/jwks"), "keys")).hasSize(1);
        }
    }

    private static ObjectNode review(Http http, String token, String audience) throws Exception {
        String review = "{\"spec\": {\"token\": \"%s\", \"audiences\": [\"%s\"]}}".formatted(token, audience);
        return Json.parse(http.send("POST", "/apis/authentication.k8s.io/v1/tokenreviews", review)
                .body());
    }

    @Test
    void aTokenFromTheFileNamesItsUser() throws Exception {
        try (Http http = Http.nameless(cluster)) {
            String path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
            assertThat(http.send("POST", path, "{}", "Authorization", "Bearer pipeline-secret-token")
                            .body())
                    .contains("\"username\":\"pipeline\"", "\"uid\":\"7\"", "builders", "testers");
        }
    }

    @Test
    void theAuditLogSaysWhoDidWhatAndKeepsSecrets() throws Exception {
        cluster.kubectl("create", "secret", "generic", "safe", "--from-literal=word=opensesame");
        try (Http http = Http.nameless(cluster)) {
            http.send("GET", "/api/v1/secrets", "", "Authorization", "Bearer pipeline-secret-token");
        }
        Path log = folder.resolve("audit").resolve("audit.log");
        ObjectNode made = awaited(log, "\"verb\":\"create\"");
        assertThat(Tree.text(made, "level")).isEqualTo("Metadata");
        assertThat(Tree.text(made, "verb")).isEqualTo("create");
        assertThat(Tree.text(made, "user", "username")).isEqualTo("admin");
        assertThat(Tree.text(made, "objectRef", "resource")).isEqualTo("secrets");
        assertThat(Tree.text(made, "objectRef", "name")).isEqualTo("safe");
        assertThat(Tree.number(made, 0, "responseStatus", "code")).isEqualTo(201);
        ObjectNode refused = awaited(log, "\"username\":\"pipeline\"");
        assertThat(Tree.number(refused, 0, "responseStatus", "code")).isEqualTo(403);
        assertThat(Files.readString(log)).doesNotContain("opensesame", "b3BlbnNlc2FtZQ", "pipeline-secret-token");
    }

    /// The first line that holds the text, and is about secrets.
    private static ObjectNode awaited(Path log, String text) throws Exception {
        for (int i = 0; i < 600; i++) {
            var found = Files.readString(log)
                    .lines()
                    .filter(line -> line.contains(text) && line.contains("\"resource\":\"secrets\""))
                    .findFirst();
            if (found.isPresent()) {
                return Json.parse(found.get());
            }
            Thread.sleep(50);
        }
        throw new AssertionError("no line with " + text + " in " + log);
    }
}
