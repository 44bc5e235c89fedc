package dev.fairway.node.pod;

import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How and how often a container is asked whether it is well, with the API's defaults filled in.
public record ProbeSpec(
        Kind kind,
        Check check,
        long initialDelaySeconds,
        long timeoutSeconds,
        long periodSeconds,
        int successThreshold,
        int failureThreshold,
        long graceSeconds) {

    /// Which question is asked.
    public enum Kind {
        STARTUP("startupProbe", "Startup"),
        LIVENESS("livenessProbe", "Liveness"),
        READINESS("readinessProbe", "Readiness");

        private final String field;
        private final String title;

        Kind(String field, String title) {
            this.field = field;
            this.title = title;
        }

        public String field() {
            return field;
        }

        /// As events name it: `Readiness probe failed`.
        public String title() {
            return title;
        }
    }

    /// What is done to ask.
    public sealed interface Check {
        /// Well when the answer's status is 200 to 399.
        record Http(String host, JsonNode port, String path, boolean tls, Map<String, String> headers)
                implements Check {}

        /// Well when a connection is accepted.
        record Tcp(String host, JsonNode port) implements Check {}

        /// Well when the command exits with 0.
        record Exec(List<String> command) implements Check {}

        /// Well when gRPC's health service says SERVING.
        record Grpc(JsonNode port, String service) implements Check {}

        /// Well after a while; for hooks only.
        record Sleep(long seconds) implements Check {}

        /// Asks nothing.
        record None() implements Check {}
    }

    static ProbeSpec of(Kind kind, ObjectNode probe) {
        return new ProbeSpec(
                kind,
                check(probe),
                Tree.number(probe, 0, "initialDelaySeconds"),
                atLeastOne(Tree.number(probe, 1, "timeoutSeconds")),
                atLeastOne(Tree.number(probe, 10, "periodSeconds")),
                (int) atLeastOne(Tree.number(probe, 1, "successThreshold")),
                (int) atLeastOne(Tree.number(probe, 3, "failureThreshold")),
                Tree.number(probe, -1, "terminationGracePeriodSeconds"));
    }

    private static long atLeastOne(long value) {
        return Math.max(1, value);
    }

    static Check check(ObjectNode probe) {
        if (Tree.has(probe, "httpGet")) {
            String path = Tree.text(probe, "httpGet", "path");
            return new Check.Http(
                    Tree.text(probe, "httpGet", "host"),
                    Tree.at(probe, "httpGet", "port"),
                    path.startsWith("/") ? path : "/" + path,
                    Tree.text(probe, "httpGet", "scheme").equals("HTTPS"),
                    headers(probe));
        }
        if (Tree.has(probe, "tcpSocket")) {
            return new Check.Tcp(Tree.text(probe, "tcpSocket", "host"), Tree.at(probe, "tcpSocket", "port"));
        }
        if (Tree.has(probe, "exec")) {
            return new Check.Exec(Tree.texts(probe, "exec", "command"));
        }
        if (Tree.has(probe, "grpc")) {
            return new Check.Grpc(Tree.at(probe, "grpc", "port"), Tree.text(probe, "grpc", "service"));
        }
        return Tree.has(probe, "sleep") ? new Check.Sleep(Tree.number(probe, 0, "sleep", "seconds")) : new Check.None();
    }

    private static Map<String, String> headers(ObjectNode probe) {
        Map<String, String> headers = new TreeMap<>();
        Tree.objects(probe, "httpGet", "httpHeaders")
                .forEach(header -> headers.put(Tree.text(header, "name"), Tree.text(header, "value")));
        return headers;
    }
}
