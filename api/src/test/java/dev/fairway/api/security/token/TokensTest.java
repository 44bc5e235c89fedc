package dev.fairway.api.security.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.api.security.User;
import dev.fairway.api.security.token.ServiceAccountTokens.Verified;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Tokens of ServiceAccounts: what they say, for whom they count and when they end.
class TokensTest {

    private static final User ADMIN = User.authenticated("admin", List.of(User.MASTERS));

    @TempDir
    Path folder;

    private final Map<String, ObjectNode> objects = new HashMap<>();
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private ServiceAccountTokens tokens;

    @BeforeEach
    void open() throws IOException {
        tokens = open(folder);
        put(Resource.SERVICE_ACCOUNTS, "bot", "uid-bot", "{}");
        put(Resource.PODS, "web", "uid-web", "{'serviceAccountName':'bot','nodeName':'node-1'}");
        put(Resource.SECRETS, "key", "uid-key", "{}");
        put(Resource.NODES, "node-1", "uid-node", "{}");
    }

    private ServiceAccountTokens open(Path keys) throws IOException {
        return new ServiceAccountTokens(
                TokenKeys.open(keys), "https://issuer", List.of("https://api"), this::find, () -> now);
    }

    private void put(Resource resource, String name, String uid, String spec) {
        String namespace = resource.namespaced() ? "'namespace':'a'," : "";
        objects.put(
                resource.plural() + "/" + name,
                Json.parse(("{'metadata':{" + namespace + "'name':'" + name + "','uid':'" + uid + "'},'spec':" + spec
                                + "}")
                        .replace('\'', '"')));
    }

    private Optional<ObjectNode> find(Resource resource, String namespace, String name) {
        return Optional.ofNullable(objects.get(resource.plural() + "/" + name));
    }

    private ObjectNode request(User asker, String spec) {
        return tokens.answer(asker, "a", "bot", Json.parse(("{'spec':" + spec + "}").replace('\'', '"')));
    }

    private String token(String spec) {
        return Tree.text(request(ADMIN, spec), "status", "token");
    }

    private static ObjectNode claims(String token) {
        return Json.parse(new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8));
    }

    private boolean counts(String token) {
        return tokens.verify(token, List.of()).isPresent();
    }

    @Test
    void aTokenSaysWhoseItIsAndForWhom() {
        ObjectNode answer = request(ADMIN, "{'expirationSeconds':1200}");
        ObjectNode claims = claims(Tree.text(answer, "status", "token"));
        assertThat(Tree.text(claims, "iss")).isEqualTo("https://issuer");
        assertThat(Tree.texts(claims, "aud")).containsExactly("https://api");
        assertThat(Tree.text(claims, "sub")).isEqualTo("system:serviceaccount:a:bot");
        assertThat(Tree.number(claims, 0, "iat")).isEqualTo(now.getEpochSecond());
        assertThat(Tree.number(claims, 0, "nbf")).isEqualTo(now.getEpochSecond());
        assertThat(Tree.number(claims, 0, "exp")).isEqualTo(now.getEpochSecond() + 1200);
        assertThat(Tree.text(claims, "jti")).isNotEmpty();
        assertThat(Tree.text(claims, "kubernetes.io", "serviceaccount", "uid")).isEqualTo("uid-bot");
        assertThat(Tree.text(answer, "status", "expirationTimestamp")).isEqualTo("2026-03-01T12:20:00Z");
        User user = tokens.verify(Tree.text(answer, "status", "token"), List.of())
                .map(Verified::user)
                .orElseThrow();
        assertThat(user.name()).isEqualTo("system:serviceaccount:a:bot");
        assertThat(user.uid()).isEqualTo("uid-bot");
        assertThat(user.groups())
                .containsExactly("system:authenticated", "system:serviceaccounts", "system:serviceaccounts:a");
    }

    @Test
    void aTokenOfAPodNamesPodAndNode() {
        String token = token("{'boundObjectRef':{'apiVersion':'v1','kind':'Pod','name':'web','uid':'uid-web'}}");
        assertThat(Tree.text(claims(token), "kubernetes.io", "pod", "name")).isEqualTo("web");
        assertThat(Tree.text(claims(token), "kubernetes.io", "node", "uid")).isEqualTo("uid-node");
        User user = tokens.verify(token, List.of()).map(Verified::user).orElseThrow();
        assertThat(user.extra())
                .containsEntry("authentication.kubernetes.io/pod-name", List.of("web"))
                .containsEntry("authentication.kubernetes.io/node-name", List.of("node-1"));
    }

    @Test
    void theTokenThatPodsGetUnaskedHoldsAYearAndWarnsAfterAnHour() {
        ObjectNode answer = request(
                ADMIN, "{'expirationSeconds':3607,'boundObjectRef':{'apiVersion':'v1','kind':'Pod','name':'web'}}");
        ObjectNode claims = claims(Tree.text(answer, "status", "token"));
        assertThat(Tree.number(claims, 0, "exp")).isEqualTo(now.getEpochSecond() + 365 * 86_400);
        assertThat(Tree.number(claims, 0, "kubernetes.io", "warnafter")).isEqualTo(now.getEpochSecond() + 3607);
        assertThat(Tree.text(answer, "status", "expirationTimestamp")).isEqualTo("2026-03-01T13:00:07Z");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {'expirationSeconds':599}                                                                  | TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes
        {'expirationSeconds':4294967297}                                                           | TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds
        {'boundObjectRef':{'apiVersion':'v1','kind':'Pod','name':'no'}}                            | pods "no" not found
        {'boundObjectRef':{'apiVersion':'v1','kind':'ConfigMap','name':'x'}}                       | cannot bind token to object of type v1, Kind=ConfigMap
        {'boundObjectRef':{'apiVersion':'v1','kind':'Secret','name':'key','uid':'other'}}          | Operation cannot be fulfilled on Secret "key": the UID in the bound object reference (other) does not match the UID in record. The object might have been deleted and then recreated
        """)
    void wrongRequestsAreRefused(String spec, String message) {
        assertThatThrownBy(() -> request(ADMIN, spec))
                .isInstanceOf(ApiException.class)
                .hasMessage(message);
    }

    @Test
    void noTokenIsGivenForAnAccountThatIsMissingOrNotThePodsOwn() {
        put(Resource.PODS, "web", "uid-web", "{'serviceAccountName':'other'}");
        assertThatThrownBy(() -> token("{'boundObjectRef':{'apiVersion':'v1','kind':'Pod','name':'web'}}"))
                .hasMessage("cannot bind token for serviceaccount \"bot\" to pod running with different "
                        + "serviceaccount name.");
        objects.remove("serviceaccounts/bot");
        assertThatThrownBy(() -> token("{}")).hasMessage("serviceaccounts \"bot\" not found");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        node-1 | {'boundObjectRef':{'apiVersion':'v1','kind':'Pod','name':'web'}}    | true
        node-2 | {'boundObjectRef':{'apiVersion':'v1','kind':'Pod','name':'web'}}    | false
        node-1 | {}                                                                  | false
        node-1 | {'boundObjectRef':{'apiVersion':'v1','kind':'Secret','name':'key'}} | false
        node-1 | {'boundObjectRef':{'apiVersion':'v1','kind':'Node','name':'node-1'}} | false
        """)
    void aNodeGetsTokensForItsOwnPodsOnly(String node, String spec, boolean given) {
        User asker = User.node(node);
        if (given) {
            assertThat(Tree.text(request(asker, spec), "status", "token")).isNotEmpty();
        } else {
            assertThatThrownBy(() -> request(asker, spec)).hasMessageContaining("is forbidden: node requested token");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        unchanged                 | true
        its time is nearly over   | true
        its time is over          | false
        its time has not come     | false
        the account is gone       | false
        the account is another    | false
        the pod is gone           | false
        the pod is another        | false
        the pod is on its way out | false
        """)
    void aTokenEndsWithWhatItIsBoundTo(String what, boolean stillCounts) {
        String token = token("{'boundObjectRef':{'apiVersion':'v1','kind':'Pod','name':'web'}}");
        assertThat(counts(token)).isTrue();
        switch (what) {
            case "its time is nearly over" -> now = now.plusSeconds(3600);
            case "its time is over" -> now = now.plusSeconds(3661);
            case "its time has not come" -> now = now.minus(Duration.ofMinutes(2));
            case "the account is gone" -> objects.remove("serviceaccounts/bot");
            case "the account is another" -> put(Resource.SERVICE_ACCOUNTS, "bot", "uid-new", "{}");
            case "the pod is gone" -> objects.remove("pods/web");
            case "the pod is another" -> put(Resource.PODS, "web", "uid-new", "{'serviceAccountName':'bot'}");
            case "the pod is on its way out" ->
                Tree.makeObject(find(Resource.PODS, "a", "web").orElseThrow(), "metadata")
                        .put("deletionTimestamp", now.minusSeconds(61).toString());
            default -> {}
        }
        assertThat(counts(token)).isEqualTo(stillCounts);
    }

    @Test
    void aTokenCountsForItsAudienceOnly() {
        String token = token("{'audiences':['vault','https://api']}");
        assertThat(counts(token)).isTrue();
        assertThat(tokens.verify(token, List.of("vault", "x")).map(Verified::audiences))
                .contains(List.of("vault"));
        assertThat(counts(token("{'audiences':['vault']}"))).isFalse();
    }

    @Test
    void aTokenThatWasTamperedWithIsWorthNothing() throws IOException {
        String token = token("{}");
        String[] parts = token.split("\\.");
        ObjectNode claims = claims(token);
        claims.put("sub", "system:serviceaccount:kube-system:admin");
        String none = part(Json.object().put("alg", "none")) + "." + parts[1] + ".";
        String hmac =
                part(Json.object().put("alg", "HS256").put("kid", kid(parts[0]))) + "." + parts[1] + "." + parts[2];
        for (String bad : List.of(
                parts[0] + "." + part(claims) + "." + parts[2],
                parts[0] + "." + parts[1] + "." + "A".repeat(parts[2].length()),
                parts[0] + "." + parts[1] + ".",
                parts[0] + "." + parts[1],
                none,
                hmac,
                "",
                "..",
                "a.b.c",
                token + ".x",
                "%%%." + parts[1] + "." + parts[2])) {
            assertThat(counts(bad)).as(bad).isFalse();
        }
        String foreign = Tree.text(
                open(Files.createTempDirectory(folder, "other")).answer(ADMIN, "a", "bot", Json.parse("{\"spec\":{}}")),
                "status",
                "token");
        assertThat(counts(foreign)).isFalse();
    }

    private static String part(ObjectNode tree) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.toBytes(tree));
    }

    private static String kid(String header) {
        return Tree.text(Json.parse(new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8)), "kid");
    }

    @Test
    void keysSurviveARestartAndOlderOnesStillVerify() throws IOException {
        String token = token("{}");
        tokens = open(folder);
        assertThat(counts(token)).isTrue();
        Files.move(folder.resolve("sa.key"), folder.resolve("sa-2025.key"));
        tokens = open(folder);
        assertThat(counts(token)).isTrue();
        assertThat(Tree.objects(tokens.keySet(), "keys")).hasSize(2);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("sa.key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void staticTokensComeFromAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("tokens.csv"), """
            # token,user,uid,groups
            s3cret,alice,42,"dev,ops"
            other, bob ,7
            """);
        StaticTokens known = StaticTokens.read(file);
        User alice = known.verify("s3cret").orElseThrow();
        assertThat(alice.groups()).containsExactly("dev", "ops", "system:authenticated");
        assertThat(alice.uid()).isEqualTo("42");
        assertThat(known.verify("other").map(User::name)).contains("bob");
        assertThat(known.verify("s3cre")).isEmpty();
        assertThat(known).hasToString("StaticTokens[2]");
        Files.writeString(file, "only,two\n");
        assertThatThrownBy(() -> StaticTokens.read(file))
                .hasMessageContaining("tokens.csv line 1: expected token,user,uid");
    }
}
