package dev.fairway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `/metrics` tells of requests: upstream's names and labels, and nothing that a client makes up.
class MetricsTest {

    private static final String SERVICE = """
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "counted"}, "spec": {"ports": [{"port": 80}]}}
            """;
    private static final String SERVICES = "/api/v1/namespaces/default/services";

    private static Cluster cluster;
    private static Http http;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start();
        http = Http.of(cluster, HttpClient.Version.HTTP_1_1);
    }

    @AfterAll
    static void stop() throws Exception {
        http.close();
        cluster.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /api/v1/services                      |           | LIST        | v1 | services | cluster   |     | 200
            GET    | /api/v1/namespaces/default/services   |           | LIST        | v1 | services | namespace |     | 200
            GET    | /api/v1/namespaces/default/services/x |           | GET         | v1 | services | resource  |     | 404
            POST   | /api/v1/namespaces/default/services?dryRun=All | service | POST | v1 | services | namespace | All | 201
            PATCH  | /api/v1/namespaces/default/services/counted?fieldManager=m | service | APPLY | v1 | services | resource | | 201
            DELETE | /api/v1/namespaces/default/configmaps |           | DELETECOLLECTION | v1 | configmaps | namespace | | 200
            GET    | /api/v1/inventions-of-a-client        |           | LIST        |    |          |           |     | 404
            BREW   | /api/v1/services                      |           | OTHER       | v1 | services | cluster   |     | 405
            """)
    void aRequestIsCountedWhereItBelongs(
            String method,
            String path,
            @Nullable String body,
            String verb,
            @Nullable String version,
            @Nullable String plural,
            @Nullable String scope,
            @Nullable String dryRun,
            int code)
            throws Exception {
        String type = method.equals("PATCH") ? "application/apply-patch+yaml" : "application/json";
        String series = "apiserver_request_total{" + label("code", code) + label("component", "apiserver")
                + label("dry_run", dryRun) + label("group", "") + label("resource", plural) + label("scope", scope)
                + label("subresource", "") + label("verb", verb) + "version=\"" + text(version) + "\"}";
        double before = value(series);
        HttpResponse<String> answer = http.send(method, path, body == null ? "" : SERVICE, "Content-Type", type);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(code);
        // It is counted when it is answered, a moment after the client has read it.
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> value(series) == before + 1);
    }

    private static String label(String name, @Nullable Object value) {
        return name + "=\"" + text(value) + "\",";
    }

    private static String text(@Nullable Object cell) {
        return cell == null ? "" : cell.toString();
    }

    @Test
    void whatLastsIsCountedWhileItLasts() throws Exception {
        String series = """
                apiserver_longrunning_requests{component="apiserver",group="",resource="services",scope="namespace",\
                subresource="",verb="WATCH",version="v1"}""";
        try (InputStream _ = http.open(SERVICES + "?watch=true").body()) {
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> value(series) == 1);
        }
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> value(series) == 0);
    }

    @Test
    void theLengthOfRequestsAndTheirNumberAtOnceAreTold() throws Exception {
        http.get("/version");
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> metrics().contains("subresource=\"/version\""));
        assertThat(metrics())
                .contains("apiserver_current_inflight_requests{request_kind=\"mutating\"} 0.0")
                .contains("apiserver_current_inflight_requests{request_kind=\"readOnly\"} 1.0")
                .containsPattern("apiserver_request_duration_seconds_bucket\\{[^}]*verb=\"GET\"[^}]*le=\"60.0\"} ");
    }

    @Test
    void onlyWhoMayReadsThem() throws Exception {
        assertThat(status("carol", List.of())).isEqualTo(403);
        assertThat(status("prometheus", List.of("system:monitoring"))).isEqualTo(200);
    }

    private static int status(String name, List<String> groups) throws Exception {
        try (Http somebody =
                Http.with(cluster, HttpClient.Version.HTTP_1_1, cluster.authority.client(name, name, groups))) {
            return somebody.send("GET", "/metrics", "").statusCode();
        }
    }

    private static String metrics() throws Exception {
        return http.send("GET", "/metrics", "").body();
    }

    /// 0 where the series does not stand.
    private static double value(String series) throws Exception {
        return Pattern.compile("^" + Pattern.quote(series) + " (.*)$", Pattern.MULTILINE)
                .matcher(metrics())
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .sum();
    }
}
