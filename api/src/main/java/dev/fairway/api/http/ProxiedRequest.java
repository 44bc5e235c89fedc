package dev.fairway.api.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A request to a proxy path, taken apart.
///
/// @param prefix the path up to and with `proxy`
/// @param rest what follows, with its slash, still encoded; may be empty
/// @param query with its `?`; may be empty
record ProxiedRequest(String prefix, String rest, String query) {

    /// Headers that belong to one connection, and are not passed in either direction.
    static final Set<String> OF_CONNECTION = Set.of(
            "connection",
            "content-length",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /// Headers that are passed to the backend. What says who the client is, is for the API server alone.
    private static final List<String> PASSED = List.of(
            "Accept",
            "Accept-Language",
            "Cache-Control",
            "Content-Encoding",
            "Content-Type",
            "Cookie",
            "If-Match",
            "If-Modified-Since",
            "If-None-Match",
            "If-Range",
            "If-Unmodified-Since",
            "Last-Event-ID",
            "Origin",
            "Range",
            "Referer",
            "User-Agent",
            "X-Forwarded-For",
            "X-Requested-With");

    private static final String TOKEN_PROTOCOL = "base64url.bearer.authorization.k8s.io.";

    static ProxiedRequest of(Call call, Target.Item item) {
        int stepsBefore = item.namespace().isEmpty() ? 5 : 7;
        String path = call.path();
        int at = 0;
        for (int i = 0; i < stepsBefore; i++) {
            at = path.indexOf('/', at) + 1;
        }
        int end = path.indexOf('/', at);
        String prefix = end < 0 ? path : path.substring(0, end);
        return new ProxiedRequest(prefix, path.substring(prefix.length()), query(call.query()));
    }

    private static String query(Query query) {
        String text = query.values().entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(value -> encode(entry.getKey()) + "=" + encode(value)))
                .collect(Collectors.joining("&"));
        return text.isEmpty() ? "" : "?" + text;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// The request as the backend gets it.
    FullHttpRequest toBackend(Call call) {
        FullHttpRequest out = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(call.method()),
                (rest.isEmpty() ? "/" : rest) + query,
                Unpooled.wrappedBuffer(call.body()));
        for (String name : PASSED) {
            String value = call.header(name);
            if (!value.isEmpty()) {
                out.headers().set(name, value);
            }
        }
        out.headers()
                .set("Host", host(call))
                .set("Accept-Encoding", "identity")
                .set("Connection", "close")
                .set("X-Forwarded-Host", host(call))
                .set("X-Forwarded-Proto", "https")
                .set("X-Forwarded-Uri", prefix + rest);
        if (call.wantsWebSocket()) {
            askForWebSocket(call, out.headers());
        }
        if (call.body().length > 0 || Set.of("POST", "PUT", "PATCH").contains(call.method())) {
            out.headers().set("Content-Length", call.body().length);
        }
        return out;
    }

    /// A client that sends no headers of its own may show its token as a subprotocol, which is not for the backend.
    static void askForWebSocket(Call call, HttpHeaders out) {
        out.set("Connection", "Upgrade").set("Upgrade", "websocket");
        for (String name : List.of("Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Extensions")) {
            if (!call.header(name).isEmpty()) {
                out.set(name, call.header(name));
            }
        }
        String protocols = Stream.of(call.header("Sec-WebSocket-Protocol").split(","))
                .map(String::strip)
                .filter(protocol -> !protocol.isEmpty() && !protocol.startsWith(TOKEN_PROTOCOL))
                .collect(Collectors.joining(", "));
        if (!protocols.isEmpty()) {
            out.set("Sec-WebSocket-Protocol", protocols);
        }
    }

    /// HTTP/2 has no such header.
    static String host(Call call) {
        String host = call.header("Host");
        return host.isEmpty() ? "localhost" : host;
    }
}
