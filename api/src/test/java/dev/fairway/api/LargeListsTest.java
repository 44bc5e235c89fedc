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
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Lists too long to be sent as one piece.
class LargeListsTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final int COUNT = 12;

    private static Cluster cluster;
    private static List<ObjectNode> expected;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start();
        try (Http http = Http.of(cluster, HttpClient.Version.HTTP_1_1)) {
            for (int i = 0; i < COUNT; i++) {
                http.send("POST", MAPS, """
                        {"metadata": {"name": "large-%02d"}, "data": {"text": "%s"}}
                        """.formatted(i, ("part " + i + " ").repeat(6_000)));
            }
            expected = Tree.objects(http.get(MAPS + "?limit=1000&fieldSelector=metadata.name!%3Dnone"), "items");
        }
        assertThat(expected).hasSizeGreaterThanOrEqualTo(COUNT);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # version | form                                | zipped
            HTTP_1_1  | application/json                    | false
            HTTP_1_1  | application/json                    | true
            HTTP_1_1  | application/vnd.kubernetes.protobuf | false
            HTTP_1_1  | application/vnd.kubernetes.protobuf | true
            HTTP_2    | application/json                    | false
            HTTP_2    | application/json                    | true
            HTTP_2    | application/vnd.kubernetes.protobuf | false
            HTTP_2    | application/vnd.kubernetes.protobuf | true
            """)
    void areWholeInEveryForm(HttpClient.Version version, String form, boolean zipped) throws Exception {
        String coding = zipped ? "gzip" : "identity";
        try (Http http = Http.of(cluster, version);
                var body = http.open(MAPS, "Accept", form, "Accept-Encoding", coding)
                        .body()) {
            byte[] bytes = (zipped ? new GZIPInputStream(body) : body).readAllBytes();
            assertThat(items(bytes, form)).isEqualTo(expected);
        }
    }

    private static List<ObjectNode> items(byte[] bytes, String form) {
        if (form.equals("application/json")) {
            return Tree.objects(Json.parse(bytes), "items");
        }
        Decoder.Expected list = new Decoder.Expected("v1", "ConfigMapList");
        ObjectNode decoded = Decoder.decode(bytes, Format.PROTOBUF, list, FieldValidation.STRICT)
                .object();
        return Tree.objects(decoded, "items").stream()
                .map(LargeListsTest::withHeader)
                .toList();
    }

    /// In a protobuf list only the list says of what kind its items are.
    private static ObjectNode withHeader(ObjectNode item) {
        return Json.object().put("kind", "ConfigMap").put("apiVersion", "v1").setAll(item);
    }

    @Test
    void theHeadAloneTellsTheLength() throws Exception {
        try (Http http = Http.of(cluster, HttpClient.Version.HTTP_1_1)) {
            HttpResponse<String> head = http.send("HEAD", MAPS, "");
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(http.bytes(MAPS).length);
        }
    }
}
