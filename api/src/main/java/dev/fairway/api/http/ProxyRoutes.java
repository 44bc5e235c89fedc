package dev.fairway.api.http;

import dev.fairway.api.NodeDirectory;
import dev.fairway.api.kind.Kind;
import dev.fairway.api.proxy.Backend;
import dev.fairway.api.proxy.Backends;
import dev.fairway.api.proxy.Exchange;
import dev.fairway.api.proxy.LinkRewriter;
import dev.fairway.api.proxy.ProxyName;
import dev.fairway.api.registry.Refusal;
import dev.fairway.api.registry.Registry;
import dev.fairway.schema.ApiException;
import io.netty.handler.codec.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The `proxy` subresource of pods, Services and nodes: passes a request on, and the answer back.
final class ProxyRoutes {

    /// Pages larger than this keep their links as they are.
    private static final int PAGE_BYTES_MAX = 4 * 1024 * 1024;

    private final Backends backends;

    ProxyRoutes(Registry registry, NodeDirectory nodes) {
        this.backends = new Backends(registry, nodes, RandomGenerator.getDefault());
    }

    Reply answer(Call call, Kind kind, Target.Item item) {
        ProxyName name = ProxyName.parse(item.name())
                .orElseThrow(() -> Refusal.badRequest("invalid "
                        + kind.resource().kind().toLowerCase(Locale.ROOT) + " request \"" + item.name() + "\""));
        ProxiedRequest asked = ProxiedRequest.of(call, item);
        if (asked.rest().isEmpty() && Set.of("GET", "HEAD").contains(call.method())) {
            Map<String, String> there = Map.of("Location", asked.prefix() + "/" + asked.query());
            return new Reply.Whole(301, "text/plain", new byte[0], there, List.of());
        }
        Backend backend = switch (kind.resource().plural()) {
            case "pods" -> backends.pod(item.namespace(), name);
            case "services" -> backends.service(item.namespace(), name, item.name());
            default -> backends.node(name);
        };
        return pass(call, asked, backend);
    }

    private static Reply pass(Call call, ProxiedRequest asked, Backend backend) {
        try {
            Exchange exchange = Exchange.open(backend);
            try {
                HttpResponse head = exchange.send(asked.toBackend(call));
                if (head.status().code() == Exchange.SWITCHED) {
                    ProxyTunnel tunnel = new ProxyTunnel(exchange.upgrade());
                    return new Reply.Tunnel(List.copyOf(head.headers().entries()), tunnel::run, tunnel::close);
                }
                return reply(new LinkRewriter(asked.prefix(), ProxiedRequest.host(call)), head, exchange);
            } catch (IOException e) {
                exchange.close();
                throw e;
            }
        } catch (IOException e) {
            String why = "error trying to reach service: " + e.getMessage();
            throw new ApiException(503, "ServiceUnavailable", why);
        }
    }

    private static Reply reply(LinkRewriter links, HttpResponse head, Exchange exchange) throws IOException {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (Map.Entry<String, String> header : head.headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.equals("location")) {
                headers.add(Map.entry("Location", links.url(header.getValue())));
            } else if (name.equals("content-length") || !ProxiedRequest.OF_CONNECTION.contains(name)) {
                headers.add(Map.entry(header.getKey(), header.getValue()));
            }
        }
        String type = Optional.ofNullable(head.headers().get("Content-Type")).orElse("");
        boolean page =
                Wire.mediaType(type).equals("text/html") && !head.headers().contains("Content-Encoding");
        int status = head.status().code();
        return page ? page(links, status, headers, exchange) : stream(status, headers, new byte[0], exchange);
    }

    /// Reads the page whole and changes its links, which are ASCII; all else stays as it is, in whatever charset.
    private static Reply page(
            LinkRewriter links, int status, List<Map.Entry<String, String>> headers, Exchange exchange)
            throws IOException {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        Optional<byte[]> part = exchange.part();
        while (part.isPresent()) {
            page.writeBytes(part.get());
            if (page.size() > PAGE_BYTES_MAX) {
                return stream(status, headers, page.toByteArray(), exchange);
            }
            part = exchange.part();
        }
        byte[] bytes = links.page(page.toString(StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
        if (page.size() > 0) {
            headers.removeIf(header -> header.getKey().equalsIgnoreCase("Content-Length"));
            headers.add(Map.entry("Content-Length", Integer.toString(bytes.length)));
        }
        return stream(status, headers, bytes, exchange);
    }

    private static Reply stream(int status, List<Map.Entry<String, String>> headers, byte[] first, Exchange exchange) {
        return new Reply.Stream(status, headers, pipe -> RelayedAnswer.relay(first, exchange, pipe));
    }
}
