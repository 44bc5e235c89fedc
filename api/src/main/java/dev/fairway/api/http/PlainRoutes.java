package dev.fairway.api.http;

import dev.fairway.api.registry.Refusal;
import dev.fairway.api.security.token.ServiceAccountTokens;
import dev.fairway.schema.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// Paths that name no objects: health, metrics, version and discovery.
final class PlainRoutes {

    /// The API that clients find here is that of this Kubernetes version.
    static final String VERSION = "v1.33.0+fairway";

    private final Health health;
    private final ApiMetrics metrics;
    private final Discovery discovery;
    private final OpenApiRoutes openApi;
    private final ServiceAccountTokens tokens;

    PlainRoutes(
            Health health,
            ApiMetrics metrics,
            Discovery discovery,
            OpenApiRoutes openApi,
            ServiceAccountTokens tokens) {
        this.health = health;
        this.metrics = metrics;
        this.discovery = discovery;
        this.openApi = openApi;
        this.tokens = tokens;
    }

    Reply answer(Call call) {
        if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
            throw Refusal.methodNotAllowed();
        }
        String path = call.path().endsWith("/") && call.path().length() > 1
                ? call.path().substring(0, call.path().length() - 1)
                : call.path();
        if (Health.has(path)) {
            return health.answer(call, path);
        }
        if (OpenApiRoutes.has(path)) {
            return openApi.answer(call, path);
        }
        return switch (path) {
            case "/.well-known/openid-configuration" -> document("application/json", tokens.discovery());
            case "/openid/v1/jwks" -> document("application/jwk-set+json", tokens.keySet());
            case "/metrics" -> metrics.tell();
            case "/version" -> Reply.json(Pretty.toBytes(version()));
            case "/api" -> root(call, true, d -> d.versions(call.header("Host")));
            case "/apis" -> root(call, false, Discovery::groupList);
            default -> group(call, path);
        };
    }

    /// What verifiers of our tokens read; they may keep it for an hour.
    private static Reply document(String contentType, ObjectNode document) {
        Map<String, String> headers = Map.of("Cache-Control", "public, max-age=3600");
        return new Reply.Whole(200, contentType, Json.toBytes(document), headers, List.of());
    }

    /// `/api/v1`, `/apis/GROUP` and `/apis/GROUP/VERSION`.
    private Reply group(Call call, String path) {
        String[] steps = path.split("/");
        if (path.startsWith("/api/") && steps.length == 3 && discovery.has("", steps[2])) {
            return Answers.plain(call, 200, discovery.resources("", steps[2]));
        }
        if (path.startsWith("/apis/") && steps.length == 3 && discovery.hasGroup(steps[2])) {
            return Answers.plain(call, 200, discovery.group(steps[2]));
        }
        if (path.startsWith("/apis/") && steps.length == 4 && discovery.has(steps[2], steps[3])) {
            return Answers.plain(call, 200, discovery.resources(steps[2], steps[3]));
        }
        throw Refusal.noSuchPath();
    }

    /// The first form of the `Accept` header that we have: aggregated, as labelled, or the plain list.
    private Reply root(Call call, boolean core, Function<Discovery, ObjectNode> plain) {
        for (String range : call.accept().split(",")) {
            Map<String, String> parameters = Form.parameters(range.split(";"));
            String version = parameters.getOrDefault("v", "");
            if (parameters.getOrDefault("as", "").equals("APIGroupDiscoveryList")
                    && List.of("v2", "v2beta1").contains(version)) {
                byte[] body = Json.toBytes(discovery.aggregated(core, version));
                String type = "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
                return tagged(call, type, body);
            }
            if (Wire.mediaType(range).equals("application/json") && !parameters.containsKey("as")) {
                break;
            }
        }
        return Answers.plain(call, 200, plain.apply(discovery));
    }

    private static Reply tagged(Call call, String contentType, byte[] body) {
        String tag = "\"" + hash(body) + "\"";
        Map<String, String> headers = Map.of("ETag", tag, "Vary", "Accept", "Cache-Control", "public");
        boolean same = call.header("If-None-Match").equals(tag);
        return new Reply.Whole(same ? 304 : 200, contentType, same ? new byte[0] : body, headers, List.of());
    }

    private static String hash(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return HexFormat.of().withUpperCase().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    private static ObjectNode version() {
        return Json.object()
                .put("major", "1")
                .put("minor", "33")
                .put("gitVersion", VERSION)
                .put("gitCommit", "")
                .put("gitTreeState", "")
                .put("buildDate", "1970-01-01T00:00:00Z")
                .put("goVersion", "none")
                .put("compiler", "javac " + Runtime.version().feature())
                .put("platform", "linux/amd64");
    }
}
