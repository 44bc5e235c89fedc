package dev.fairway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import dev.fairway.schema.codec.Decoder;
import dev.fairway.schema.codec.FieldValidation;
import dev.fairway.schema.codec.Format;
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
            DELETE | /api/v1/namespaces                           | {}                            | 405 | MethodNotAllowed     | the server does not allow this method on the requested resource
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
            GET    | /api/v1/configmaps?continue=%21              |                               | 400 | BadRequest           | invalid continue token: continue key is not valid: *
            GET    | /api/v1/configmaps?continue=e30              |                               | 400 | BadRequest           | invalid continue token: continue key is not valid: server does not recognize this encoded version*
            GET    | /api/v1/configmaps?continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MCwic3RhcnQiOiJhIn0 | | 400 | BadRequest | invalid continue token: continue key is not valid: incorrect encoded start resourceVersion*
            GET    | /api/v1/configmaps?continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0IjoiYSJ9&resourceVersion=1 | | 400 | BadRequest | specifying resource version is not allowed when using continue
            GET    | /api/v1/configmaps?resourceVersion=x         |                               | 400 | BadRequest           | invalid resource version: *
            GET    | /api/v1/configmaps?fieldSelector=data        |                               | 400 | BadRequest           | *can't understand "data"*
            GET    | /api/v1/configmaps?fieldSelector=data.i%3D1  |                               | 400 | BadRequest           | "data.i" is not a known field selector: only "metadata.name", "metadata.namespace"
            GET    | /api/v1/services?fieldSelector=spec.foo%3D1  |                               | 400 | BadRequest           | field label not supported: spec.foo
            GET    | /api/v1/namespaces/default/configmaps/cm-1?resourceVersion=99999 |           | 504 | Timeout              | Timeout: Too large resource version: 99999, current: *
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # parameters                                                              | field                | why
            resourceVersionMatch=Exact                                                | resourceVersionMatch | Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided
            resourceVersionMatch=Exact&resourceVersion=0                              | resourceVersionMatch | Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"
            resourceVersionMatch=Exact&resourceVersion=5&continue=e30                 | resourceVersionMatch | Forbidden: resourceVersionMatch is forbidden when continue is provided
            resourceVersionMatch=Newer&resourceVersion=5                              | resourceVersionMatch | Unsupported value: "Newer": supported values: *
            sendInitialEvents=true                                                    | sendInitialEvents    | Forbidden: sendInitialEvents is forbidden for list
            watch=1&sendInitialEvents=true                                            | resourceVersionMatch | Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan
            watch=1&sendInitialEvents=false                                           | resourceVersionMatch | Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan
            watch=1&resourceVersionMatch=NotOlderThan&resourceVersion=0               | resourceVersionMatch | Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided
            watch=1&sendInitialEvents=1&resourceVersionMatch=NotOlderThan&continue=x  | resourceVersionMatch | Forbidden: resourceVersionMatch is forbidden when continue is provided
            """)
    void parametersThatContradictEachOtherAreInvalid(String parameters, String field, String why) throws Exception {
        HttpResponse<String> response = http.send("GET", "/api/v1/configmaps?" + parameters, "");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
        ObjectNode status = Json.parse(response.body());
        assertThat(Tree.text(status, "message"))
                .matches(glob("ListOptions.meta.k8s.io \"\" is invalid: " + field + ": " + why));
        assertThat(Tree.text(Tree.objects(status, "details", "causes").getFirst(), "field"))
                .isEqualTo(field);
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # Accept                                                                                         | status | Content-Type                        | kind
            ''                                                                                               | 200 | application/json                    | ConfigMapList
            */*                                                                                              | 200 | application/json                    | ConfigMapList
            application/*                                                                                    | 200 | application/json                    | ConfigMapList
            text/html, application/json;q=0.9                                                                | 200 | application/json                    | ConfigMapList
            application/vnd.kubernetes.protobuf;q=0.5, application/json                                      | 200 | application/json                    | ConfigMapList
            application/json;q=0.5, application/vnd.kubernetes.protobuf                                      | 200 | application/vnd.kubernetes.protobuf | ConfigMapList
            application/yaml                                                                                 | 200 | application/yaml                    | ConfigMapList
            application/json;as=Table;v=v1beta1;g=meta.k8s.io                                                | 200 | application/json                    | Table
            application/json;as=Table;v=v2;g=meta.k8s.io, application/json                                   | 200 | application/json                    | ConfigMapList
            application/json;as=Table;v=v2;g=meta.k8s.io                                                     | 406 | application/json                    | Status
            application/json;as=Table;v=v1;g=example.com                                                     | 406 | application/json                    | Status
            application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io, application/json                | 200 | application/json                    | ConfigMapList
            application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io                                 | 200 | application/json                    | PartialObjectMetadataList
            application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io              | 200 | application/vnd.kubernetes.protobuf | PartialObjectMetadataList
            application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;v=v1beta1;g=meta.k8s.io         | 200 | application/json                    | PartialObjectMetadataList
            application/cbor                                                                                 | 406 | application/json                    | Status
            application/json;q=0                                                                             | 406 | application/json                    | Status
            """)
    void theFormIsTheOneTheClientLikesBest(String accept, int status, String contentType, String kind)
            throws Exception {
        HttpResponse<String> response = accept.isEmpty()
                ? http.send("GET", "/api/v1/configmaps", "")
                : http.send("GET", "/api/v1/configmaps", "", "Accept", accept);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains(contentType);
        assertThat(response.body()).containsPattern("\\b" + kind + "\\b");
    }

    @Test
    void peopleGetLinesAndProgramsDoNot() throws Exception {
        String path = "/api/v1/namespaces/default/configmaps/cm-1";
        assertThat(http.send("GET", path, "").body().lines()).hasSize(1);
        assertThat(http.send("GET", path + "?pretty=true", "").body().lines()).hasSizeGreaterThan(5);
        assertThat(http.send("GET", path, "", "User-Agent", "curl/8.5.0").body().lines())
                .hasSizeGreaterThan(5);
        assertThat(http.send("GET", path + "?pretty=0", "", "User-Agent", "curl/8.5.0")
                        .body()
                        .lines())
                .hasSize(1);
    }

    @Test
    void whatIsReadIsTheSameInEveryForm() throws Exception {
        String path = "/api/v1/namespaces/default/configmaps/cm-1";
        ObjectNode one = http.get(path);
        assertThat(Json.parse(http.send("GET", path + "?pretty=1", "").body())).isEqualTo(one);
        assertThat(Tree.objects(http.get("/api/v1/namespaces/default/configmaps"), "items"))
                .contains(one);
        byte[] protobuf = http.bytes(path, "Accept", "application/vnd.kubernetes.protobuf");
        assertThat(decoded(protobuf, "ConfigMap")).isEqualTo(one);
        byte[] list = http.bytes(
                "/api/v1/namespaces/default/configmaps?limit=2", "Accept", "application/vnd.kubernetes.protobuf");
        ObjectNode second =
                Tree.objects(decoded(list, "ConfigMapList"), "items").get(1);
        one.remove(List.of("kind", "apiVersion"));
        assertThat(second).isEqualTo(one);
    }

    private static ObjectNode decoded(byte[] protobuf, String kind) {
        return Decoder.decode(protobuf, Format.PROTOBUF, new Decoder.Expected("v1", kind), FieldValidation.STRICT)
                .object();
    }

    @Test
    void aTableOfAnUnknownSizeIsRefused() throws Exception {
        HttpResponse<String> response = http.send("GET", "/api/v1/pods?includeObject=All", "", "Accept", TABLE);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("Unable to convert to Table as requested: includeObject: Invalid value");
    }

    @Test
    void longAnswersAreZippedForThoseWhoAsk() throws Exception {
        String big = "x".repeat(140_000);
        http.send("POST", "/api/v1/namespaces/default/secrets", """
                {"metadata": {"name": "big"}, "stringData": {"a": "%s"}}""".formatted(big));
        HttpResponse<String> zipped =
                http.send("GET", "/api/v1/namespaces/default/secrets", "", "Accept-Encoding", "gzip");
        assertThat(zipped.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(http.send("GET", "/api/v1/namespaces/default/secrets", "")
                        .headers()
                        .firstValue("Content-Encoding"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # path                              | status | body
            /healthz                            | 200 | ok
            /livez?verbose                      | 200 | [+]ping ok;[+]etcd ok;livez check passed
            /readyz?verbose=true                | 200 | [+]ping ok;[+]etcd ok;[+]informer-sync ok;readyz check passed
            /readyz?verbose&exclude=etcd        | 200 | [+]ping ok;[+]etcd excluded: ok;[+]informer-sync ok;readyz check passed
            /livez?verbose&exclude=no&exclude=x | 200 | [+]ping ok;[+]etcd ok;warn: some health checks cannot be excluded: no matches for "no","x";livez check passed
            /readyz/informer-sync               | 200 | ok
            /livez/etcd                         | 200 | ok
            /livez/informer-sync                | 404 | *could not find*
            """)
    void healthIsToldCheckByCheck(String path, int status, String body) throws Exception {
        HttpResponse<String> response = http.send("GET", path, "");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body().strip().replace('\n', ';')).matches(glob(body));
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
