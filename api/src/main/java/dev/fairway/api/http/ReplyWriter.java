package dev.fairway.api.http;

import io.netty.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.ServerWebSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes one reply to one request, from a virtual thread.
final class ReplyWriter {

    private static final Logger LOG = LoggerFactory.getLogger(ReplyWriter.class);

    private final Context context;
    private final HttpServerRequest request;
    private final AcceptedChannels channels;

    ReplyWriter(Context context, HttpServerRequest request, AcceptedChannels channels) {
        this.context = context;
        this.request = request;
        this.channels = channels;
    }

    void write(Reply reply) throws InterruptedException {
        switch (reply) {
            case Reply.Whole whole -> whole(whole);
            case Reply.Large large -> large(large);
            case Reply.Stream stream -> stream(stream);
            case Reply.Socket socket -> socket(socket);
            case Reply.Spdy spdy -> spdy(spdy);
            case Reply.Tunnel tunnel -> takeOver("", tunnel.headers(), tunnel.run(), tunnel.abandon());
        }
    }

    private void whole(Reply.Whole whole) {
        HttpServerResponse response = request.response();
        response.setStatusCode(whole.status()).putHeader("Content-Type", whole.contentType());
        whole.headers().forEach(response::putHeader);
        for (String warning : whole.warnings()) {
            String quoted = warning.replace("\\", "\\\\").replace("\"", "\\\"").replace('\n', ' ');
            response.headers().add("Warning", "299 - \"" + quoted + "\"");
        }
        byte[] body = whole.body();
        if (body.length > Gzip.BYTES_MIN && Gzip.isAccepted(request)) {
            body = Gzip.of(body);
            Gzip.tell(response);
        }
        if (isHead()) {
            response.putHeader("Content-Length", Integer.toString(body.length));
        }
        expectTaken(isHead() ? response.end() : response.end(Buffers.of(body)));
    }

    private static void expectTaken(Future<Void> sent) {
        sent.onFailure(e -> LOG.debug("an answer was not taken: {}", e.toString()));
    }

    private boolean isHead() {
        return request.method().name().equals("HEAD");
    }

    private void large(Reply.Large large) {
        try {
            if (isHead()) {
                ByteArrayOutputStream body = new ByteArrayOutputStream();
                large.body().write(body);
                whole(new Reply.Whole(200, large.contentType(), body.toByteArray(), Map.of(), List.of()));
                return;
            }
            request.response().setStatusCode(200).putHeader("Content-Type", large.contentType());
            LargeBody body = new LargeBody(request);
            large.body().write(body);
            expectTaken(body.finish());
        } catch (IOException e) {
            LOG.debug("an answer was not taken: {}", e.toString());
        } catch (RuntimeException e) {
            LOG.error("cannot finish the answer to {}", request.path(), e);
            request.response().reset();
        }
    }

    private void stream(Reply.Stream stream) throws InterruptedException {
        HttpServerResponse response = request.response();
        response.setStatusCode(stream.status());
        stream.headers().forEach(header -> response.headers().add(header.getKey(), header.getValue()));
        boolean sized = response.headers().contains("Content-Length") || !hasBody(stream.status());
        if (request.version() != HttpVersion.HTTP_2 && !sized) {
            response.setChunked(true);
        }
        ResponsePipe pipe = new ResponsePipe(response);
        try {
            // The client waits for the head to know that its watch stands.
            pipe.begin();
        } catch (IOException e) {
            LOG.debug("a stream was not taken: {}", e.toString());
        }
        // Also for who has left already: it gives back what it holds.
        stream.run().run(pipe);
        if (!pipe.isClosed()) {
            response.end().onFailure(e -> LOG.debug("the end of a stream was not taken: {}", e.toString()));
        }
    }

    private boolean hasBody(int status) {
        return !isHead() && status != 204 && status != 304;
    }

    /// The upgrade must be made on the request's own event loop.
    private void socket(Reply.Socket socket) throws InterruptedException {
        CompletableFuture<VertxSocketPipe> opened = new CompletableFuture<>();
        context.runOnContext(go -> {
            Future<ServerWebSocket> upgrade = request.toWebSocket();
            upgrade.onSuccess(ws -> opened.complete(new VertxSocketPipe(ws)));
            upgrade.onFailure(opened::completeExceptionally);
        });
        try (VertxSocketPipe pipe = opened.get()) {
            socket.run().run(pipe);
        } catch (ExecutionException e) {
            socket.abandon().run();
            LOG.debug("a WebSocket was not opened: {}", e.toString());
        }
    }

    private void spdy(Reply.Spdy spdy) throws InterruptedException {
        List<Map.Entry<String, String>> headers = List.of(
                Map.entry("Connection", "Upgrade"),
                Map.entry("Upgrade", "SPDY/3.1"),
                Map.entry("X-Stream-Protocol-Version", spdy.protocol()));
        takeOver(spdy.protocol(), headers, spdy.run(), () -> {});
    }

    private void takeOver(
            String protocol, List<Map.Entry<String, String>> headers, Reply.SocketRun run, Runnable abandon)
            throws InterruptedException {
        Optional<Channel> channel = channels.find(request.remoteAddress());
        if (request.version() != HttpVersion.HTTP_1_1 || channel.isEmpty()) {
            abandon.run();
            whole(Reply.text(400, "other protocols are spoken on connections of HTTP/1.1 only"));
            return;
        }
        StringBuilder head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
        headers.forEach(header -> head.append(header.getKey())
                .append(": ")
                .append(header.getValue())
                .append("\r\n"));
        try (ChannelPipe pipe = ChannelPipe.takeOver(
                channel.get(), protocol, head.append("\r\n").toString())) {
            run.run(pipe);
        } catch (IOException e) {
            abandon.run();
            LOG.debug("a connection did not change its protocol: {}", e.toString());
        }
    }
}
