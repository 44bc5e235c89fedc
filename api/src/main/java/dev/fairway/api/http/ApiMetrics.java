package dev.fairway.api.http;

import dev.fairway.api.kind.Kinds;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What the server measures of requests, under the names and with the meanings of upstream's metrics
/// (`k8s.io/apiserver/pkg/endpoints/metrics`).
final class ApiMetrics {

    /// Upstream's, in seconds.
    private static final double[] BOUNDS = {
        0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60
    };

    private static final List<String> ABOUT =
            List.of("verb", "dry_run", "group", "version", "resource", "subresource", "scope", "component");

    /// What anybody may write into a path must not become a label of its own.
    private static final Set<String> PLAIN = Set.of(
            "/healthz", "/livez", "/readyz", "/version", "/metrics", "/api", "/apis", "/openapi/v2", "/openapi/v3");

    private static final Set<String> SUBRESOURCES = Set.of(
            "status",
            "finalize",
            "scale",
            "log",
            "exec",
            "attach",
            "portforward",
            "proxy",
            "binding",
            "eviction",
            "token");

    private static final Map<String, String> VERBS = Map.of(
            "get", "GET",
            "list", "LIST",
            "watch", "WATCH",
            "create", "POST",
            "update", "PUT",
            "patch", "PATCH",
            "delete", "DELETE",
            "deletecollection", "DELETECOLLECTION");

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Kinds kinds;
    private final Counter requests = Counter.builder()
            .name("apiserver_request_total")
            .help("Requests that were answered.")
            .labelNames(Stream.concat(ABOUT.stream(), Stream.of("code")).toArray(String[]::new))
            .register(registry);
    private final Histogram durations = Histogram.builder()
            .name("apiserver_request_duration_seconds")
            .help("From the whole request to the end of its answer; of a watch, its life.")
            .labelNames(ABOUT.toArray(String[]::new))
            .classicOnly()
            .classicUpperBounds(BOUNDS)
            .register(registry);
    private final Gauge longRunning = Gauge.builder()
            .name("apiserver_longrunning_requests")
            .help("Watches, streams and proxied requests that are open.")
            .labelNames(ABOUT.stream().filter(label -> !label.equals("dry_run")).toArray(String[]::new))
            .register(registry);

    ApiMetrics(Kinds kinds, InFlight inFlight) {
        this.kinds = kinds;
        GaugeWithCallback.builder()
                .name("apiserver_current_inflight_requests")
                .help("Requests that are being answered; those that last by nature are not counted.")
                .labelNames("request_kind")
                .callback(callback -> {
                    callback.call(inFlight.reads(), "readOnly");
                    callback.call(inFlight.writes(), "mutating");
                })
                .register(registry);
    }

    /// @param scope `resource`, `namespace` or `cluster`; empty where the path names no objects
    private record About(
            String verb,
            String dryRun,
            String group,
            String version,
            String resource,
            String subresource,
            String scope) {

        private String[] labels(String... code) {
            Stream<String> own = Stream.of(verb, dryRun, group, version, resource, subresource, scope, "apiserver");
            return Stream.concat(own, Stream.of(code)).toArray(String[]::new);
        }

        private String[] longRunning() {
            return new String[] {verb, group, version, resource, subresource, scope, "apiserver"};
        }
    }

    void answered(Call call, int code, double seconds) {
        About about = about(call);
        requests.labelValues(about.labels(Integer.toString(code))).inc();
        durations.labelValues(about.labels()).observe(seconds);
    }

    /// A request that lasts has begun.
    ///
    /// @return to be run when it ends
    Runnable began(Call call) {
        String[] labels = about(call).longRunning();
        longRunning.labelValues(labels).inc();
        return () -> longRunning.labelValues(labels).dec();
    }

    private About about(Call call) {
        String verb = verb(call);
        String dryRun = call.query().text("dryRun").equals("All") ? "All" : "";
        return switch (call.target()) {
            case Target.Plain to -> new About(verb, "", "", "", "", PLAIN.contains(to.path()) ? to.path() : "", "");
            case Target.Collection to ->
                isServed(to.group(), to.version(), to.plural())
                        ? new About(verb, dryRun, to.group(), to.version(), to.plural(), "", scope(to.namespace()))
                        : unknown(verb);
            case Target.Item to ->
                isServed(to.group(), to.version(), to.plural())
                        ? new About(verb, dryRun, to.group(), to.version(), to.plural(), subresource(to), "resource")
                        : unknown(verb);
        };
    }

    private static About unknown(String verb) {
        return new About(verb, "", "", "", "", "", "");
    }

    private boolean isServed(String group, String version, String plural) {
        return kinds.find(group, version, plural).isPresent();
    }

    private static String scope(String namespace) {
        return namespace.isEmpty() ? "cluster" : "namespace";
    }

    private static String subresource(Target.Item to) {
        return SUBRESOURCES.contains(to.subresource()) ? to.subresource() : "";
    }

    private static String verb(Call call) {
        if (call.target() instanceof Target.Item && LongRunning.is(call)) {
            return "CONNECT";
        }
        String verb = VERBS.getOrDefault(Router.access(call).verb(), "OTHER");
        boolean apply = verb.equals("PATCH") && call.header("Content-Type").startsWith("application/apply-patch");
        return apply ? "APPLY" : verb;
    }

    /// All of it in the Prometheus text format.
    Reply tell() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(text, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("write metrics", e);
        }
        return new Reply.Whole(200, PrometheusTextFormatWriter.CONTENT_TYPE, text.toByteArray(), Map.of(), List.of());
    }
}
