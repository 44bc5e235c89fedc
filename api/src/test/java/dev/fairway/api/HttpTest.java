package dev.fairway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// The contract over HTTP: forms, errors, pages, discovery.
class HttpTest {

    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private static Cluster cluster;
    private static Http http;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start();
        http = Http.of(cluster, HttpClient.Version.HTTP_2);
        for (int i = 0; i < 7; i++) {
            String object = """
                    {"metadata": {"name": "cm-%d", "labels": {"odd": "%s"}}, "data": {"i": "%d"}}
                    """.formatted(i, i % 2 == 1, i);
            http.send("POST", "/api/v1/namespaces/default/configmaps", object);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        http.close();
        cluster.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /api/v1/namespaces/default/configmaps/no     |                               | 404 | NotFound             | configmaps "no" not found
            GET    | /api/v1/doors                                |                               | 404 | NotFound             | the server could not find the requested resource
            GET    | /nowhere                                     |                               | 404 | NotFound             | the server could not find the requested resource
            GET    | /apis/apps/v1/namespaces/default             |                               | 404 | NotFound             | the server could not find the requested resource
            PUT    | /api/v1/namespaces/default/configmaps        | {}                            | 405 | MethodNotAllowed     | the server does not allow this method on the requested resource
            POST   | /api/v1/namespaces/default/configmaps        |                               | 400 | BadRequest           | the request has no body; expected a ConfigMap
            POST   | /api/v1/namespaces/default/configmaps        | {"metadata"                   | 400 | BadRequest           | *
            POST   | /api/v1/namespaces/default/configmaps        | {"metadata": 7}               | 400 | BadRequest           | *metadata: expected an object*
            POST   | /api/v1/namespaces/default/configmaps        | {"kind": "Pod"}               | 400 | BadRequest           | *
            POST   | /api/v1/namespaces/default/configmaps        | {"metadata": {}}              | 422 | Invalid              | ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required
            POST   | /api/v1/namespaces/default/configmaps        | {"metadata": {"name": "A_b"}} | 422 | Invalid              | ConfigMap "A_b" is invalid: metadata.name: Invalid value: "A_b": *
            POST   | /api/v1/namespaces/default/configmaps        | {"metadata": {"name": "x", "namespace": "y"}} | 400 | BadRequest | the namespace of the provided object does not match the namespace sent on the request
            POST   | /api/v1/namespaces/no/configmaps             | {"metadata": {"name": "x"}}   | 404 | NotFound             | namespaces "no" not found
            PUT    | /api/v1/namespaces/default/configmaps/cm-1   | {"metadata": {"name": "b"}}   | 400 | BadRequest           | the name of the object (b) does not match the name on the URL (cm-1)
            PUT    | /api/v1/namespaces/default/configmaps/no     | {"metadata": {"name": "no"}}  | 404 | NotFound             | configmaps "no" not found
            PUT    | /api/v1/namespaces/default/configmaps/cm-1   | {"metadata": {"name": "cm-1", "resourceVersion": "1"}} | 409 | Conflict | Operation cannot be fulfilled on configmaps "cm-1": the object has been modified; please apply your changes to the latest version and try again
            PATCH  | /api/v1/namespaces/default/configmaps/cm-1   | {}                            | 415 | UnsupportedMediaType | *
            GET    | /api/v1/configmaps?labelSelector=a%20b       |                               | 400 | BadRequest           | unable to parse label selector "a b": *
            GET    | /api/v1/configmaps?limit=x                   |                               | 400 | BadRequest           | parameter limit: "x" is not a whole number of 0 or more
            GET    | /api/v1/configmaps?continue=%21              |                               | 400 | BadRequest           | continue key is not valid: *
            GET    | /api/v1/configmaps?resourceVersion=99999     |                               | 504 | Timeout              | Timeout: Too large resource version: 99999, current: *
            GET    | /api/v1/configmaps?watch=1&resourceVersion=x |                               | 400 | BadRequest           | *
            DELETE | /api/v1/namespaces/default/configmaps/cm-1?propagationPolicy=Soon | | 422 | Invalid    | *propagationPolicy: Unsupported value: "Soon"*
            DELETE | /api/v1/namespaces/default/configmaps/cm-1   | {"preconditions":{"uid":"u"}} | 409 | Conflict             | Operation cannot be fulfilled on configmaps "cm-1": the UID in the precondition (u) does not match the UID in record (*
            """)
    void badRequestsGetAClearStatus(String method, String path, String body, int code, String reason, String message)
            throws Exception {
        HttpResponse<String> response = http.send(method, path, body == null ? "" : body);
        ObjectNode status = Json.parse(response.body());
        assertThat(Tree.text(status, "kind")).isEqualTo("Status");
        assertThat(Tree.text(status, "message")).matches(glob(message));
        assertThat(Tree.text(status, "reason")).isEqualTo(reason);
        assertThat(response.statusCode()).isEqualTo(code);
    }

    private static Pattern glob(String text) {
        return Pattern.compile("\\Q" + text.replace("*", "\\E.*\\Q") + "\\E", Pattern.DOTALL);
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() throws Exception {
        String body = "{\"data\": \"" + "x".repeat(3 * 1024 * 1024) + "\"}";
        try (Http old = Http.of(cluster, HttpClient.Version.HTTP_1_1)) {
            HttpResponse<String> response = old.send("POST", "/api/v1/namespaces/default/configmaps", body);
            assertThat(response.statusCode()).isEqualTo(413);
            assertThat(Tree.text(Json.parse(response.body()), "reason")).isEqualTo("RequestEntityTooLarge");
        }
    }

    @Test
    void unknownFieldsAreRefusedWarnedOfOrIgnored() throws Exception {
        String path = "/api/v1/namespaces/default/services?dryRun=All&fieldValidation=";
        String body = """
                {"metadata": {"name": "web"}, "spec": {"ports": [{"port": 80}], "selectr": {}}}""";
        HttpResponse<String> strict = http.send("POST", path + "Strict", body);
        assertThat(strict.statusCode()).isEqualTo(400);
        assertThat(strict.body()).contains("strict decoding error: unknown field \\\"spec.selectr\\\"");
        HttpResponse<String> warn = http.send("POST", path + "Warn", body);
        assertThat(warn.statusCode()).isEqualTo(201);
        assertThat(warn.headers().allValues("Warning")).containsExactly("299 - \"unknown field \\\"spec.selectr\\\"\"");
        HttpResponse<String> ignore = http.send("POST", path + "Ignore", body);
        assertThat(ignore.statusCode()).isEqualTo(201);
        assertThat(ignore.headers().allValues("Warning")).isEmpty();
    }

    @Test
    void aLongListComesInPagesOfOneState() throws Exception {
        ObjectNode first = http.get("/api/v1/namespaces/default/configmaps?limit=3");
        assertThat(Tree.objects(first, "items")).hasSize(3);
        assertThat(Tree.number(first, -1, "metadata", "remainingItemCount")).isEqualTo(4);
        String token = Tree.text(first, "metadata", "continue");
        http.send("POST", "/api/v1/namespaces/default/configmaps", "{\"metadata\": {\"name\": \"cm-5b\"}}");
        ObjectNode second = http.get("/api/v1/namespaces/default/configmaps?limit=10&continue=" + token);
        assertThat(Tree.objects(second, "items").stream().map(dev.fairway.schema.Meta::name))
                .containsExactly("cm-3", "cm-4", "cm-5", "cm-6");
        assertThat(Tree.text(second, "metadata", "resourceVersion"))
                .isEqualTo(Tree.text(first, "metadata", "resourceVersion"));
        assertThat(Tree.has(second, "metadata", "continue")).isFalse();
        http.send("DELETE", "/api/v1/namespaces/default/configmaps/cm-5b", "");
    }

    @Test
    void aSelectorFillsItsPages() throws Exception {
        ObjectNode page = http.get("/api/v1/configmaps?limit=2&labelSelector=odd%3Dtrue");
        assertThat(Tree.objects(page, "items").stream().map(dev.fairway.schema.Meta::name))
                .containsExactly("cm-1", "cm-3");
        assertThat(Tree.has(page, "metadata", "remainingItemCount")).isFalse();
        assertThat(Tree.text(page, "metadata", "continue")).isNotEmpty();
    }

    @Test
    void listsComeAsTablesAndAsMetadata() throws Exception {
        ObjectNode table = http.get("/api/v1/namespaces/default/configmaps?limit=1", "Accept", TABLE);
        assertThat(Tree.text(table, "kind")).isEqualTo("Table");
        ObjectNode row = Tree.objects(table, "rows").getFirst();
        assertThat(row.get("cells").get(0).stringValue()).isEqualTo("cm-0");
        assertThat(Tree.text(row, "object", "kind")).isEqualTo("PartialObjectMetadata");
        ObjectNode partial = http.get(
                "/api/v1/namespaces/default/configmaps?limit=1",
                "Accept",
                "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io");
        assertThat(Tree.text(partial, "kind")).isEqualTo("PartialObjectMetadataList");
        assertThat(Tree.has(Tree.objects(partial, "items").getFirst(), "data")).isFalse();
    }

    @Test
    void aFormThatIsNotServedIsNotAcceptable() throws Exception {
        assertThat(http.send("GET", "/api/v1/configmaps", "", "Accept", "image/png")
                        .statusCode())
                .isEqualTo(406);
        String review = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
        assertThat(http.send("POST", review, "{\"spec\": {}}", "Accept", TABLE).statusCode())
                .isEqualTo(406);
    }

    @ParameterizedTest
    @CsvSource({"v2", "v2beta1"})
    void discoveryIsAnsweredInTheVersionThatWasAskedFor(String version) throws Exception {
        String type = "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
        HttpResponse<String> response = http.send("GET", "/apis", "", "Accept", type + ",application/json");
        assertThat(response.headers().firstValue("Content-Type")).contains(type);
        assertThat(Tree.text(Json.parse(response.body()), "apiVersion")).isEqualTo("apidiscovery.k8s.io/" + version);
        String tag = response.headers().firstValue("ETag").orElseThrow();
        assertThat(http.send("GET", "/apis", "", "Accept", type, "If-None-Match", tag)
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void discoveryComesAsPlainListsToo() throws Exception {
        ObjectNode groups = http.get("/apis", "Accept", "application/json");
        assertThat(Tree.objects(groups, "groups").stream().map(g -> Tree.text(g, "name")))
                .startsWith("apps")
                .contains("discovery.k8s.io");
        List<String> names = Tree.objects(http.get("/api/v1"), "resources").stream()
                .map(r -> Tree.text(r, "name"))
                .toList();
        assertThat(names).contains("services", "services/status", "pods/exec", "namespaces/finalize");
    }

    @Test
    void withoutACertificateOnlyHealthIsAnswered() throws Exception {
        javax.net.ssl.SSLContext trusting = Trusting.everybody();
        try (HttpClient anonymous = HttpClient.newBuilder().sslContext(trusting).build()) {
            for (String path : List.of("/readyz", "/livez", "/healthz", "/version")) {
                assertThat(Trusting.get(anonymous, cluster.url() + path).statusCode())
                        .isEqualTo(200);
            }
            HttpResponse<String> refused = Trusting.get(anonymous, cluster.url() + "/api/v1/pods");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.body()).contains("\"reason\":\"Unauthorized\"");
        }
    }
}
