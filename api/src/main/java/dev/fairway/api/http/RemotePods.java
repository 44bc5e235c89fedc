package dev.fairway.api.http;

import dev.fairway.api.proxy.Exchange;
import dev.fairway.api.proxy.NodeWays;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.PodAccess.PodRef;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Has a pod's node, a process of its own, do what is wanted of the pod. The answer is passed on as it comes, and so
/// are the bytes of a connection that leaves HTTP behind: client and node agree on a protocol with each other.
record RemotePods(NodeWays ways) {

    private static final Duration HANDSHAKE_MAX = Duration.ofSeconds(5);
    private static final int REFUSAL_BYTES_MAX = 64 * 1024;

    /// Headers by which client and node agree on another protocol.
    private static final Set<String> OF_UPGRADE = Set.of(
            "connection",
            "upgrade",
            "sec-websocket-accept",
            "sec-websocket-protocol",
            "sec-websocket-extensions",
            "x-stream-protocol-version");

    /// @throws ApiException 503 with what is in the way, when the node cannot be asked; what the node says, when it
    /// refuses
    Reply answer(Call call, String node, PodRef pod, PodTask task) {
        String about = "pod " + pod.namespace() + "/" + pod.name() + ": ";
        try {
            Exchange exchange = Exchange.open(ways.find(node), HANDSHAKE_MAX);
            try {
                HttpResponse head = exchange.send(request(call, KubeletPath.of(pod, task)));
                return reply(exchange, head);
            } catch (IOException | RuntimeException e) {
                exchange.close();
                throw e;
            }
        } catch (IOException e) {
            String why = Optional.ofNullable(e.getMessage()).orElse(e.toString());
            String text = about + "node \"" + node + "\" cannot be asked (" + why
                    + "): does `fairway node` run there, and may this server connect to it?";
            throw new ApiException(503, "ServiceUnavailable", text);
        } catch (ApiException e) {
            throw e.code() == 503 ? new ApiException(503, e.reason(), about + e.text()) : e;
        }
    }

    private static FullHttpRequest request(Call call, String path) {
        FullHttpRequest out = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.valueOf(call.method()), path, Unpooled.EMPTY_BUFFER);
        out.headers()
                .set("Host", "node")
                .set("Accept", "application/json, */*")
                .set("Content-Length", 0)
                .set("User-Agent", call.header("User-Agent"))
                .set("Audit-ID", call.origin().auditId());
        if (call.wantsWebSocket()) {
            ProxiedRequest.askForWebSocket(call, out.headers());
        } else if (call.wantsSpdy()) {
            out.headers()
                    .set("Connection", "Upgrade")
                    .set("Upgrade", "SPDY/3.1")
                    .set("X-Stream-Protocol-Version", call.header("X-Stream-Protocol-Version"));
        } else {
            out.headers().set("Connection", "close");
        }
        return out;
    }

    private static Reply reply(Exchange exchange, HttpResponse head) throws IOException {
        int code = head.status().code();
        if (code == Exchange.SWITCHED) {
            List<Map.Entry<String, String>> headers = head.headers().entries().stream()
                    .filter(header -> OF_UPGRADE.contains(header.getKey().toLowerCase(Locale.ROOT)))
                    .toList();
            ProxyTunnel tunnel = new ProxyTunnel(exchange.upgrade());
            return new Reply.Tunnel(headers, tunnel::run, tunnel::close);
        }
        if (code == 200) {
            return new Reply.Stream("text/plain", pipe -> RelayedAnswer.relay(new byte[0], exchange, pipe));
        }
        throw refusal(code, body(exchange));
    }

    private static byte[] body(Exchange exchange) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Optional<byte[]> part = exchange.part();
        while (part.isPresent() && out.size() < REFUSAL_BYTES_MAX) {
            out.writeBytes(part.get());
            part = exchange.part();
        }
        return out.toByteArray();
    }

    private static ApiException refusal(int code, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        String reason = "InternalError";
        try {
            ObjectNode status = Json.parse(body);
            text = Tree.text(status, "message");
            reason = Tree.text(status, "reason");
        } catch (IllegalArgumentException plain) {
            // No Status: whoever answers there speaks plainly.
        }
        // The client's own credentials are good: it must not be told otherwise.
        return code == 401
                ? new ApiException(503, "ServiceUnavailable", "the node refuses this API server: " + text)
                : new ApiException(code, reason, text);
    }
}
