package dev.fairway.schema.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class OpenApiTest {

    private static final List<String> ALL =
            List.of("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection");
    private static final Served.Subresource STATUS =
            new Served.Subresource("status", "v1", "Service", List.of("get", "update", "patch"));
    private static final Served.Subresource SCALE =
            new Served.Subresource("scale", "autoscaling/v1", "Scale", List.of("get", "update", "patch"));

    private static final OpenApi API = OpenApi.of(
            List.of(
                    new Served(Resource.SERVICES, ALL, List.of(STATUS)),
                    new Served(Resource.NODES, ALL, List.of()),
                    new Served(Resource.PODS, ALL, List.of()),
                    new Served(Resource.DEPLOYMENTS, ALL, List.of(SCALE)),
                    new Served(Resource.ENDPOINT_SLICES, ALL, List.of())),
            "v1.33.0");

    private static final ObjectNode CORE = Json.parse(API.document("api/v1").orElseThrow());

    private static JsonNode schema(String type) {
        return Tree.at(CORE, "components", "schemas", type);
    }

    @Test
    void theIndexLeadsToEachDocumentUnderItsHash() {
        JsonNode paths = Json.parse(API.index()).path("paths");
        assertThat(paths.properties().stream().map(entry -> entry.getKey()))
                .containsExactly("api/v1", "apis/apps/v1", "apis/discovery.k8s.io/v1");
        assertThat(Tree.text(paths, "apis/apps/v1", "serverRelativeURL"))
                .isEqualTo("/openapi/v3/apis/apps/v1?hash="
                        + API.hash("apis/apps/v1").orElseThrow());
        assertThat(API.document("apis/nowhere/v1")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /api/v1/services                                     | get               | list   | Service
            /api/v1/namespaces/{namespace}/services              | get,post,delete   | list   | Service
            /api/v1/namespaces/{namespace}/services/{name}       | get,put,patch,delete | get | Service
            /api/v1/namespaces/{namespace}/services/{name}/status | get,put,patch    | get    | Service
            /api/v1/nodes                                        | get,post,delete   | list   | Node
            /api/v1/nodes/{name}                                 | get,put,patch,delete | get | Node
            """)
    void pathsHaveTheirMethodsAndKinds(String path, String methods, String action, String kind) {
        JsonNode item = CORE.path("paths").path(path);
        assertThat(new TreeSet<>(item.propertyNames())).containsAll(List.of(methods.split(",")));
        assertThat(Tree.text(item, "get", "x-kubernetes-action")).isEqualTo(action);
        assertThat(item.path("get").path("x-kubernetes-group-version-kind"))
                .isEqualTo(Json.parse("{\"group\":\"\",\"kind\":\"%s\",\"version\":\"v1\"}".formatted(kind)));
    }

    /// kubectl sends `fieldValidation` only if the patch of the kind lists it.
    @Test
    void patchesListFieldValidation() {
        for (JsonNode path : CORE.path("paths")) {
            if (path.has("patch")) {
                assertThat(Tree.objects(path, "patch", "parameters"))
                        .extracting(parameter -> Tree.text(parameter, "name"))
                        .contains("fieldValidation", "dryRun", "force");
            }
        }
    }

    @Test
    void aSubresourceOfAnotherKindNamesIt() {
        ObjectNode apps = Json.parse(API.document("apis/apps/v1").orElseThrow());
        JsonNode scale = apps.path("paths").path("/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale");
        assertThat(Tree.text(scale, "get", "x-kubernetes-group-version-kind", "group"))
                .isEqualTo("autoscaling");
        assertThat(Tree.has(apps, "components", "schemas", "io.k8s.api.autoscaling.v1.Scale"))
                .isTrue();
    }

    @Test
    void schemasCarryTheKeysThatListsMergeBy() {
        JsonNode ports = Tree.at(schema("io.k8s.api.core.v1.ServiceSpec"), "properties", "ports");
        assertThat(Tree.text(ports, "x-kubernetes-patch-merge-key")).isEqualTo("port");
        assertThat(Tree.text(ports, "x-kubernetes-patch-strategy")).isEqualTo("merge");
        assertThat(Tree.text(ports, "x-kubernetes-list-type")).isEqualTo("map");
        assertThat(Tree.texts(ports, "x-kubernetes-list-map-keys")).containsExactly("port", "protocol");
        assertThat(Tree.text(ports, "items", "$ref")).isEqualTo("#/components/schemas/io.k8s.api.core.v1.ServicePort");
        assertThat(Tree.texts(schema("io.k8s.api.core.v1.ServicePort"), "required"))
                .containsExactly("port");
    }

    /// `kubectl explain service.spec.type` prints them.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ServiceSpec         | type                  | ClusterIP,ExternalName,LoadBalancer,NodePort
            ServiceSpec         | externalTrafficPolicy | Cluster,Local
            ServicePort         | protocol              | SCTP,TCP,UDP
            PodSpec             | restartPolicy         | Always,Never,OnFailure
            ServiceSpec         | clusterIP             |
            ServiceSpec         | trafficDistribution   |
            """)
    void textsOfFewValuesListThem(String type, String field, @Nullable String values) {
        List<String> expected = values == null ? List.of() : List.of(values.split(","));
        String name = "io.k8s.api.core.v1." + type;
        JsonNode v2 = Tree.at(Json.parse(API.v2Json()), "definitions", name);
        assertThat(Tree.texts(schema(name), "properties", field, "enum")).isEqualTo(expected);
        assertThat(Tree.texts(v2, "properties", field, "enum")).isEqualTo(expected);
    }

    @Test
    void listsOfSuchTextsListThemForTheirEntries() {
        assertThat(Tree.texts(schema("io.k8s.api.core.v1.ServiceSpec"), "properties", "ipFamilies", "items", "enum"))
                .containsExactly("", "IPv4", "IPv6");
    }

    @Test
    void everyReferenceLeadsToASchema() {
        TreeSet<String> missing = new TreeSet<>();
        references(CORE, "#/components/schemas/", Tree.at(CORE, "components", "schemas"), missing);
        ObjectNode v2 = Json.parse(API.v2Json());
        references(v2, "#/definitions/", v2.path("definitions"), missing);
        assertThat(missing).isEmpty();
    }

    private static void references(JsonNode node, String prefix, JsonNode schemas, Set<String> missing) {
        String reference = Tree.text(node, "$ref");
        if (!reference.isEmpty() && !schemas.has(reference.replace(prefix, ""))) {
            missing.add(reference);
        }
        node.forEach(child -> references(child, prefix, schemas, missing));
    }

    @Test
    void kindsAreFoundByTheirExtension() {
        assertThat(Tree.objects(schema("io.k8s.api.core.v1.Service"), "x-kubernetes-group-version-kind"))
                .containsExactly(Json.parse("{\"group\":\"\",\"kind\":\"Service\",\"version\":\"v1\"}"));
        assertThat(Tree.has(schema("io.k8s.api.core.v1.ServiceSpec"), "x-kubernetes-group-version-kind"))
                .isFalse();
    }

    /// The numbers are those that kubectl 1.27 reads: Document.definitions 9, NamedSchema 1 and 2, Schema.properties
    /// 25.
    @Test
    void theProtobufOfV2HoldsTheSameDefinitions() throws InvalidProtocolBufferException {
        UnknownFieldSet document = UnknownFieldSet.parseFrom(API.v2Protobuf());
        assertThat(text(document, 1)).isEqualTo("2.0");
        JsonNode definitions = Json.parse(API.v2Json()).path("definitions");
        List<UnknownFieldSet> named = messages(messages(document, 9).getFirst(), 1);
        assertThat(named).hasSize(definitions.size());
        for (UnknownFieldSet entry : named) {
            JsonNode expected = definitions.path(text(entry, 1));
            UnknownFieldSet schema = messages(entry, 2).getFirst();
            assertThat(messages(schema, 31)).hasSize((int) expected.propertyNames().stream()
                    .filter(name -> name.startsWith("x-"))
                    .count());
            if (expected.has("properties")) {
                assertThat(messages(messages(schema, 25).getFirst(), 1))
                        .extracting(property -> text(property, 1))
                        .containsExactlyElementsOf(expected.path("properties").propertyNames());
                assertThat(messages(messages(schema, 25).getFirst(), 1).stream()
                                .map(property -> values(messages(property, 2).getFirst())))
                        .containsExactlyElementsOf(expected.path("properties")
                                .valueStream()
                                .map(property -> Tree.texts(property, "enum"))
                                .toList());
            }
        }
    }

    @Test
    void theProtobufOfV2ListsFieldValidationOnThePatchOfAKind() throws InvalidProtocolBufferException {
        UnknownFieldSet document = UnknownFieldSet.parseFrom(API.v2Protobuf());
        UnknownFieldSet path = messages(messages(document, 8).getFirst(), 2).stream()
                .filter(entry -> text(entry, 1).equals("/api/v1/namespaces/{namespace}/services/{name}"))
                .findFirst()
                .orElseThrow();
        UnknownFieldSet patch = messages(messages(path, 2).getFirst(), 8).getFirst();
        assertThat(messages(patch, 8).stream()
                        .map(item -> messages(item, 1).getFirst())
                        .filter(parameter -> parameter.hasField(2))
                        .map(parameter ->
                                messages(messages(parameter, 2).getFirst(), 3).getFirst())
                        .map(query -> text(query, 4)))
                .contains("fieldValidation");
        assertThat(messages(patch, 13).stream()
                        .map(extension -> text(messages(extension, 2).getFirst(), 2)))
                .contains("{\"group\":\"\",\"kind\":\"Service\",\"version\":\"v1\"}");
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet set, int number) {
        return set.getField(number).getLengthDelimitedList().stream()
                .map(bytes -> {
                    try {
                        return UnknownFieldSet.parseFrom(bytes);
                    } catch (InvalidProtocolBufferException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    /// Schema.enum is 20, of messages whose second field is YAML.
    private static List<String> values(UnknownFieldSet schema) {
        return messages(schema, 20).stream()
                .map(value -> text(value, 2).replace("\"", ""))
                .toList();
    }

    private static String text(UnknownFieldSet set, int number) {
        return set.getField(number).getLengthDelimitedList().getFirst().toString(StandardCharsets.UTF_8);
    }
}
