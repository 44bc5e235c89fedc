package dev.fairway.api.http;

import dev.fairway.api.kind.Kind;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.kind.Subresource;
import dev.fairway.api.registry.Refusal;
import dev.fairway.schema.Resource;
import dev.fairway.schema.openapi.OpenApi;
import dev.fairway.schema.openapi.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/// The schema documents under `/openapi`. They are made once, in the background: they are large and not asked for at
/// first.
final class OpenApiRoutes {

    private static final String V3 = "/openapi/v3";

    private final CompletableFuture<OpenApi> documents;

    private OpenApiRoutes(CompletableFuture<OpenApi> documents) {
        this.documents = documents;
    }

    static OpenApiRoutes of(Kinds kinds, List<Resource> createOnly, String serverVersion) {
        List<Served> served =
                new ArrayList<>(kinds.all().stream().map(OpenApiRoutes::served).toList());
        createOnly.forEach(resource -> served.add(new Served(resource, List.of("create"), List.of())));
        Executor background = Thread.ofVirtual().name("openapi")::start;
        return new OpenApiRoutes(CompletableFuture.supplyAsync(() -> OpenApi.of(served, serverVersion), background));
    }

    private static Served served(Kind kind) {
        List<Served.Subresource> subs = new ArrayList<>();
        for (Subresource sub : Subresource.values()) {
            if (kind.has(sub)) {
                describe(kind, sub, subs);
            }
        }
        return new Served(kind.resource(), kind.verbs(), subs);
    }

    /// Subresources that stream have no schema.
    private static void describe(Kind kind, Subresource sub, List<Served.Subresource> into) {
        switch (sub) {
            case STATUS, FINALIZE ->
                into.add(new Served.Subresource(
                        sub.path(),
                        kind.resource().apiVersion(),
                        kind.resource().kind(),
                        sub.verbs()));
            case SCALE, BINDING, EVICTION, TOKEN ->
                into.add(new Served.Subresource(sub.path(), SubresourceTypes.apiVersion(sub), sub.kind(), sub.verbs()));
            case LOG, EXEC, ATTACH, PORT_FORWARD, PROXY -> {}
        }
    }

    static boolean has(String path) {
        return path.equals(V3) || path.startsWith(V3 + "/") || path.equals("/openapi/v2");
    }

    Reply answer(Call call, String path) {
        OpenApi made = documents.join();
        if (path.equals("/openapi/v2")) {
            return v2(call, made);
        }
        if (path.equals(V3)) {
            return Reply.json(made.index());
        }
        String name = path.substring(V3.length() + 1);
        byte[] body = made.document(name).orElseThrow(Refusal::noSuchPath);
        boolean fixed = made.hash(name).orElse("").equals(call.query().text("hash"));
        String cache = fixed ? "public, immutable, max-age=31536000" : "no-cache";
        return Reply.json(body).withHeaders(Map.of("Cache-Control", cache, "Vary", "Accept"));
    }

    private static Reply v2(Call call, OpenApi made) {
        return call.accept().contains("proto-openapi.spec.v2")
                ? new Reply.Whole(200, OpenApi.V2_PROTOBUF_TYPE, made.v2Protobuf(), Map.of(), List.of())
                : Reply.json(made.v2Json());
    }
}
