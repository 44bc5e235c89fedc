package dev.fairway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import dev.fairway.schema.codec.Decoder;
import dev.fairway.schema.codec.FieldValidation;
import dev.fairway.schema.codec.Format;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// What writes do, refuse and warn of, over HTTP.
class WritesTest {

    private static final String CMS = "/api/v1/namespaces/default/configmaps";
    private static final String SERVICES = "/api/v1/namespaces/default/services";
    private static final String SETS = "/apis/apps/v1/namespaces/default/replicasets";
    private static final String SET = """
            {"metadata": {"name": "web"}, "spec": {"replicas": 1, "selector": {"matchLabels": {"a": "b"}},
             "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}}}
            """;

    private static Cluster cluster;
    private static Http http;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start();
        http = Http.of(cluster, HttpClient.Version.HTTP_2);
    }

    @AfterAll
    static void stop() throws Exception {
        http.close();
        cluster.close();
    }

    @BeforeEach
    void clear() throws Exception {
        http.send("DELETE", CMS, "");
        http.send("DELETE", SETS, "");
        http.send("POST", CMS, "{\"metadata\": {\"name\": \"cm\"}, \"data\": {\"a\": \"1\"}}");
    }

    /// The body is JSON with single quotes; the expected message may have stars.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            PATCH json      | /cm | [{'op':'test','path':'/data/a','value':'2'}]            | 422 | JSON patch: testing path "/data/a" failed: *
            PATCH json      | /cm | [{'op':'remove','path':'/data/b'}]                      | 422 | *
            PATCH json      | /cm | {'data':{}}                                             | 400 | JSON patch: expected a list of operations
            PATCH json      | /cm | [{'op':'jump','path':'/data/b'}]                        | 400 | JSON patch: op "jump" is none of *
            PATCH json      | /cm | [{'op':'replace','path':'/data/a','value':7}]           | 422 | ~ "" is invalid: patch: Invalid value: "{*}": *data.a: expected *~
            PATCH json      | /no | []                                                      | 404 | configmaps "no" not found
            PATCH merge     | /cm | []                                                      | 400 | the patch is no object
            PATCH merge     | /cm | {'dat':{}}                                              | 200 |
            PATCH merge     | /cm?fieldValidation=Strict | {'dat':{},'data':{'a':'1','a':'2'}} | 422 | ~ "" is invalid: patch: Invalid value: "{*}": strict decoding error: duplicate field "data.a", unknown field "dat"~
            PATCH merge     | /cm?fieldValidation=Loose | {}                               | 422 | PatchOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Loose": *
            PATCH merge     | /cm?dryRun=Some | {}                                          | 422 | PatchOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: *
            PATCH merge     | /cm?force=true | {}                                           | 422 | PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch
            PATCH merge     | /cm | {'metadata':{'uid':'u'}}                                | 409 | Operation cannot be fulfilled on configmaps "cm": *Precondition failed: UID in precondition: u, UID in object meta: *
            PATCH merge     | /cm | {'metadata':{'resourceVersion':'1'}}                    | 409 | *the object has been modified; please apply your changes to the latest version and try again
            PATCH merge     | /cm | {'metadata':{'name':'b'}}                               | 400 | the name of the object (b) does not match the name on the URL (cm)
            PATCH merge     | /cm | {'metadata':{'creationTimestamp':'2020-01-01T00:00:00Z','generateName':'x'}} | 200 |
            PATCH merge     | /cm | {'metadata':{'deletionTimestamp':'2020-01-01T00:00:00Z'}} | 422 | ConfigMap "cm" is invalid: metadata.deletionTimestamp: Invalid value: "2020-01-01T00:00:00Z": field is immutable
            PATCH merge     | /cm | {'metadata':{'deletionGracePeriodSeconds':3}}           | 422 | ConfigMap "cm" is invalid: metadata.deletionGracePeriodSeconds: Invalid value: 3: field is immutable
            PATCH merge     | /cm | {'metadata':{'finalizers':['orphan','foregroundDeletion']}} | 422 | ConfigMap "cm" is invalid: metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set
            PATCH strategic | /cm | {'data':{'$patch':'replace','b':'2'}}                   | 200 |
            PATCH apply     | /cm | {'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'cm'}} | 422 | PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch
            PATCH apply     | /cm?fieldManager=m | {'apiVersion':'v2','kind':'ConfigMap'}   | 400 | Incorrect version specified in apply patch. Specified patch version: v2, expected: v1
            PATCH apply     | /cm?fieldManager=m | {'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'cm','managedFields':[]}} | 400 | metadata.managedFields must be nil
            PATCH apply     | /cm?fieldManager=m | {'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'cm'},'data':{'a':'2'}} | 409 | Apply failed with 1 conflict: conflict with "Java-http-client" using v1: .data.a
            PATCH apply     | /new?fieldManager=m | {'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'new','uid':'u'}} | 409 | Operation cannot be fulfilled on configmaps "new": uid mismatch: the provided object specified uid u, and no existing object was found
            PATCH apply     | /new?fieldManager=m | {'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'new'}} | 201 |
            PATCH apply     | /new?fieldManager=m | {'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'new','resourceVersion':'1'}} | 201 |
            PATCH apply     | /cm?fieldManager=m | {'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'cm','resourceVersion':'1'}} | 409 | *the object has been modified; please apply your changes to the latest version and try again
            PUT             | /cm | {'metadata':{'name':'cm','uid':'u'}}                    | 409 | *Precondition failed: UID in precondition: u, *
            PUT             | /cm | {'metadata':{'name':'cm','resourceVersion':'0'}}        | 200 |
            PUT             | /cm | {'metadata':{'name':'cm','resourceVersion':'x'}}        | 400 | *
            DELETE          | /cm | {'preconditions':{'resourceVersion':'1'}}               | 409 | Operation cannot be fulfilled on configmaps "cm": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (*). The object might have been modified
            DELETE          | /cm | {'propagationPolicy':'Orphan','orphanDependents':true}  | 422 | DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set
            DELETE          | /cm | {'dryRun':['None']}                                     | 422 | DeleteOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: *
            DELETE          | /cm | {'kind':'DeleteOptions','apiVersion':'apps/v1','gracePeriodSeconds':-3} | 200 |
            DELETE          | /cm | {'kind':'Pod','apiVersion':'v1'}                        | 400 | *
            POST            |     | {'metadata':{'name':'cm'}}                              | 409 | configmaps "cm" already exists
            POST            |     | {'metadata':{'name':'b','resourceVersion':'1'}}         | 400 | resourceVersion should not be set on objects to be created
            """)
    void isAnsweredAsUpstreamAnswers(String how, String path, String body, int code, String message) throws Exception {
        HttpResponse<String> response = send(how, CMS + (path == null ? "" : path), body.replace('\'', '"'));
        ObjectNode answer = Json.parse(response.body());
        if (message != null) {
            assertThat(Tree.text(answer, "message")).matches(glob(message));
        }
        assertThat(response.statusCode()).as(response.body()).isEqualTo(code);
    }

    private static HttpResponse<String> send(String how, String path, String body) throws Exception {
        String[] words = how.split(" ");
        String type = words.length == 1
                ? "application/json"
                : switch (words[1]) {
                    case "json" -> "application/json-patch+json";
                    case "merge" -> "application/merge-patch+json";
                    case "apply" -> "application/apply-patch+yaml";
                    default -> "application/strategic-merge-patch+json";
                };
        return http.send(words[0], path, body, "Content-Type", type);
    }

    private static Pattern glob(String text) {
        return Pattern.compile("\\Q" + text.replace("*", "\\E.*\\Q") + "\\E", Pattern.DOTALL);
    }

    @Test
    void aJsonPatchHasAtMostTenThousandOperations() throws Exception {
        String operation = "{\"op\":\"add\",\"path\":\"/data/a\",\"value\":\"1\"}";
        String most = "[" + String.join(",", Collections.nCopies(10_000, operation)) + "]";
        assertThat(send("PATCH json", CMS + "/cm", most).statusCode()).isEqualTo(200);
        String more = "[" + String.join(",", Collections.nCopies(10_001, operation)) + "]";
        HttpResponse<String> refused = send("PATCH json", CMS + "/cm", more);
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.body()).contains("the allowed maximum operations in a JSON patch is 10000, got 10001");
    }

    @Test
    void aWriteThatChangesNothingLeavesTheRevision() throws Exception {
        String before = revision(http.get(CMS + "/cm"));
        send("PATCH merge", CMS + "/cm", "{\"data\": {\"a\": \"1\"}}");
        ObjectNode same = http.get(CMS + "/cm");
        http.send("PUT", CMS + "/cm", Json.toText(same));
        String body = """
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cm"}, "data": {"a": "1"}}""";
        assertThat(revision(http.get(CMS + "/cm"))).isEqualTo(before);
        String first = revision(
                Json.parse(send("PATCH apply", CMS + "/cm?fieldManager=m", body).body()));
        assertThat(first).isNotEqualTo(before);
        assertThat(revision(Json.parse(
                        send("PATCH apply", CMS + "/cm?fieldManager=m", body).body())))
                .isEqualTo(first);
    }

    private static String revision(ObjectNode object) {
        return Meta.resourceVersion(object);
    }

    @Test
    void dryRunsOfEveryWriteChangeNothing() throws Exception {
        String before = http.send("GET", CMS, "").body();
        String applied = """
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "%s"}, "data": {"b": "1"}}""";
        List<HttpResponse<String>> all = List.of(
                send("POST", CMS + "?dryRun=All", "{\"metadata\": {\"generateName\": \"x-\"}}"),
                send("PUT", CMS + "/cm?dryRun=All", "{\"metadata\": {\"name\": \"cm\"}}"),
                send("PATCH merge", CMS + "/cm?dryRun=All", "{\"data\": {\"b\": \"2\"}}"),
                send("PATCH json", CMS + "/cm?dryRun=All", "[{\"op\": \"remove\", \"path\": \"/data\"}]"),
                send("PATCH strategic", CMS + "/cm?dryRun=All", "{\"data\": null}"),
                send("PATCH apply", CMS + "/cm?dryRun=All&fieldManager=m", applied.formatted("cm")),
                send("PATCH apply", CMS + "/new?dryRun=All&fieldManager=m", applied.formatted("new")),
                send("DELETE", CMS + "/cm?dryRun=All", ""),
                send("DELETE", CMS + "/cm", "{\"dryRun\": [\"All\"]}"),
                send("DELETE", CMS + "?dryRun=All", ""));
        assertThat(all).extracting(HttpResponse::statusCode).allMatch(code -> code == 200 || code == 201);
        assertThat(Json.parse(http.send("GET", CMS, "").body()).get("items"))
                .isEqualTo(Json.parse(before).get("items"));
    }

    @Test
    void aGeneratedNameGetsFiveLetters() throws Exception {
        ObjectNode made = Json.parse(http.send("POST", CMS, "{\"metadata\": {\"generateName\": \"x-\"}}")
                .body());
        assertThat(Meta.name(made)).matches("x-[bcdfghjklmnpqrstvwxz2456789]{5}");
        ObjectNode cut =
                Json.parse(http.send("POST", CMS, "{\"metadata\": {\"generateName\": \"" + "y".repeat(70) + "\"}}")
                        .body());
        assertThat(Meta.name(cut)).matches("y{58}[bcdfghjklmnpqrstvwxz2456789]{5}");
    }

    @Test
    void deletingACollectionMindsSelectorsAndLimits() throws Exception {
        for (int i = 0; i < 5; i++) {
            http.send(
                    "POST",
                    CMS,
                    "{\"metadata\": {\"name\": \"c%d\", \"labels\": {\"odd\": \"%s\"}}}".formatted(i, i % 2 == 1));
        }
        ObjectNode odd = Json.parse(
                http.send("DELETE", CMS + "?labelSelector=odd%3Dtrue", "").body());
        assertThat(names(odd)).containsExactly("c1", "c3");
        http.send("DELETE", CMS + "?fieldSelector=metadata.name%3Dc0", "");
        assertThat(names(http.get(CMS))).containsExactly("c2", "c4", "cm");
        ObjectNode first = Json.parse(http.send("DELETE", CMS + "?limit=1", "").body());
        assertThat(names(first)).containsExactly("c2");
        assertThat(names(http.get(CMS))).containsExactly("c4", "cm");
    }

    private static List<String> names(ObjectNode list) {
        return Tree.objects(list, "items").stream().map(Meta::name).toList();
    }

    @Test
    void aLeaseIsReplacedByRevisionOnly() throws Exception {
        String leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
        http.send("POST", leases, "{\"metadata\": {\"name\": \"l\"}}");
        HttpResponse<String> refused = http.send("PUT", leases + "/l", "{\"metadata\": {\"name\": \"l\"}}");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body())
                .contains("metadata.resourceVersion: Invalid value: 0: must be specified for an update");
        assertThat(http.send("PUT", leases + "/l", Json.toText(http.get(leases + "/l")))
                        .statusCode())
                .isEqualTo(200);
        assertThat(http.send("PUT", leases + "/made", "{\"metadata\": {\"name\": \"made\"}}")
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void specAndStatusAreWrittenApart() throws Exception {
        http.send("POST", SETS, SET);
        ObjectNode set = http.get(SETS + "/web");
        set.withObject("spec").put("replicas", 5);
        set.withObject("status").put("replicas", 7);
        ObjectNode main =
                Json.parse(http.send("PUT", SETS + "/web", Json.toText(set)).body());
        assertThat(Tree.number(main, -1, "spec", "replicas")).isEqualTo(5);
        assertThat(Tree.number(main, -1, "status", "replicas")).isZero();
        assertThat(Tree.number(main, -1, "metadata", "generation")).isEqualTo(2);
        main.withObject("spec").put("replicas", 9);
        main.withObject("status").put("replicas", 7);
        main.withObject("metadata").putObject("annotations").put("a", "b");
        ObjectNode status = Json.parse(
                http.send("PUT", SETS + "/web/status", Json.toText(main)).body());
        assertThat(Tree.number(status, -1, "spec", "replicas")).isEqualTo(5);
        assertThat(Tree.number(status, -1, "status", "replicas")).isEqualTo(7);
        assertThat(Tree.number(status, -1, "metadata", "generation")).isEqualTo(2);
        assertThat(Meta.annotation(status, "a")).isEqualTo("b");
    }

    @Test
    void theScaleIsAppliedByAnOwnerOfItsOwn() throws Exception {
        http.send("POST", SETS, SET);
        String scale = """
                {"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "web"},
                 "spec": {"replicas": %d}}""";
        HttpResponse<String> refused = send("PATCH apply", SETS + "/web/scale?fieldManager=auto", scale.formatted(4));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("conflict with \\\"Java-http-client\\\" using apps/v1", ".spec.replicas");
        ObjectNode scaled =
                Json.parse(send("PATCH apply", SETS + "/web/scale?fieldManager=auto&force=true", scale.formatted(4))
                        .body());
        assertThat(Tree.text(scaled, "kind")).isEqualTo("Scale");
        assertThat(Tree.number(scaled, -1, "spec", "replicas")).isEqualTo(4);
        ObjectNode owner = owner(http.get(SETS + "/web"), "auto");
        assertThat(Tree.text(owner, "subresource")).isEqualTo("scale");
        assertThat(Tree.text(owner, "operation")).isEqualTo("Apply");
        assertThat(Json.toText(owner.get("fieldsV1"))).isEqualTo("{\"f:spec\":{\"f:replicas\":{}}}");
        String wrong = scale.formatted(4).replace("\"spec\"", "\"spek\"");
        assertThat(send("PATCH apply", SETS + "/web/scale?fieldManager=auto", wrong)
                        .statusCode())
                .isEqualTo(400);
    }

    private static ObjectNode owner(ObjectNode object, String manager) {
        return Tree.objects(object, "metadata", "managedFields").stream()
                .filter(entry -> Tree.text(entry, "manager").equals(manager))
                .findFirst()
                .orElseThrow();
    }

    /// Go programs write YAML like JSON, with tabs and a comma behind the last entry.
    @Test
    void anAppliedBodyMayBeYamlInFlowStyle() throws Exception {
        String body = "{\n\t\t\"apiVersion\": \"v1\",\n\t\t\"kind\": \"ConfigMap\",\n\t\t\"metadata\": {\n\t\t\t"
                + "\"name\": \"flow\",\n\t\t},\n\t\t\"data\": {\"a\": \"1\",}\n\t}";
        assertThat(send("PATCH apply", CMS + "/flow?fieldManager=m", body).statusCode())
                .isEqualTo(201);
        String plain = "# whose\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: flow}\ndata:\n  a: '2'\n";
        assertThat(send("PATCH apply", CMS + "/flow?fieldManager=m", plain).statusCode())
                .isEqualTo(200);
        assertThat(Tree.textMap(http.get(CMS + "/flow"), "data")).containsExactly(Map.entry("a", "2"));
    }

    @Test
    void anEventIsAppliedInEitherGroup() throws Exception {
        String path = "/apis/events.k8s.io/v1/namespaces/default/events/e?fieldManager=m";
        String body = """
                {"apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": {"name": "e", "namespace": "default"},
                 "eventTime": "2026-06-01T12:00:00.000001Z", "reportingController": "example.com/c",
                 "reportingInstance": "c-1", "action": "Bind", "reason": "Bound", "type": "Normal", "note": "bound",
                 "regarding": {"kind": "Pod", "namespace": "default", "name": "p"}}""";
        HttpResponse<String> made = send("PATCH apply", path, body);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(send("PATCH apply", path, body).statusCode()).isEqualTo(200);
        ObjectNode core = http.get("/api/v1/namespaces/default/events/e");
        assertThat(Tree.text(core, "message")).isEqualTo("bound");
        assertThat(Tree.text(owner(core, "m"), "apiVersion")).isEqualTo("events.k8s.io/v1");
    }

    @Test
    void aStrategicMergeThatHitsTheWrongTwinSaysSo() throws Exception {
        http.send("DELETE", SERVICES + "/dns", "");
        http.send("POST", SERVICES, """
                {"metadata": {"name": "dns"}, "spec": {"ports": [{"name": "t", "port": 53, "protocol": "TCP"},
                 {"name": "u", "port": 53, "protocol": "UDP"}]}}""");
        HttpResponse<String> response = send("PATCH strategic", SERVICES + "/dns", """
                {"spec": {"$setElementOrder/ports": [{"port": 53}],
                 "ports": [{"port": 53, "$patch": "delete"}, {"port": 53, "name": "u", "protocol": "UDP"}]}}""");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().allValues("Warning"))
                .anyMatch(text -> text.contains("port 53 stood here for TCP and UDP and now stands for UDP only"));
    }

    @Test
    void ownersTravelInProtobuf() throws Exception {
        byte[] bytes = http.client()
                .send(
                        HttpRequest.newBuilder(URI.create(http.url() + CMS + "/cm"))
                                .header("Accept", "application/vnd.kubernetes.protobuf")
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body();
        ObjectNode object = Decoder.decode(
                        bytes, Format.PROTOBUF, new Decoder.Expected("v1", "ConfigMap"), FieldValidation.STRICT)
                .object();
        assertThat(object).isEqualTo(http.get(CMS + "/cm"));
        assertThat(Json.toText(owner(object, "Java-http-client").get("fieldsV1")))
                .isEqualTo("{\"f:data\":{\".\":{},\"f:a\":{}}}");
    }

    @Test
    void aReplicationControllerLeavesItsPodsUnlessToldOtherwise() {
        Resource kind = Resource.REPLICATION_CONTROLLERS;
        cluster.client.create(kind, Json.parse("""
                {"metadata": {"name": "rc", "namespace": "default"}, "spec": {"template": {"metadata": {"labels":
                 {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}}}"""));
        cluster.client.delete(kind, "default", "rc", DeleteOptions.DEFAULT);
        assertThat(Tree.texts(cluster.client.get(kind, "default", "rc").orElseThrow(), "metadata", "finalizers"))
                .containsExactly("orphan");
        cluster.client.delete(kind, "default", "rc", new DeleteOptions(-1, "", "Background"));
        assertThat(cluster.client.get(kind, "default", "rc")).isEmpty();
    }

    /// A server keeps what it wrote in memory and forgets it at times: nobody may be able to tell.
    @Test
    void whatIsKeptOfAWriteIsWhatIsReadFromItsText() {
        cluster.client.create(Resource.SERVICES, Json.parse("""
                {"metadata": {"name": "kept", "namespace": "default", "finalizers": ["a.b/c"]},
                 "spec": {"ports": [{"port": 80}]}}"""));
        cluster.client.delete(Resource.SERVICES, "default", "kept", new DeleteOptions(5, "", "Background"));
        ObjectNode kept =
                cluster.client.get(Resource.SERVICES, "default", "kept").orElseThrow();
        assertThat(Tree.has(kept, "metadata", "deletionGracePeriodSeconds")).isTrue();
        assertThat(kept).isEqualTo(Json.parse(Json.toText(kept)));
    }
}
