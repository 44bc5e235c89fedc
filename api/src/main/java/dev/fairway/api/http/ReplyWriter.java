package dev.fairway.api.http;

import io.netty.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.ServerWebSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes one reply to one request, from a virtual thread.
final class ReplyWriter {

    private static final Logger LOG = LoggerFactory.getLogger(ReplyWriter.class);

    /// Smaller bodies are not worth the work of compression.
    private static final int GZIP_BYTES_MIN = 128 * 1024;

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
        String accepted = request.getHeader("Accept-Encoding");
        if (body.length > GZIP_BYTES_MIN && accepted != null && accepted.contains("gzip")) {
            body = gzip(body);
            response.putHeader("Content-Encoding", "gzip").putHeader("Vary", "Accept-Encoding");
        }
        boolean head = request.method().name().equals("HEAD");
        if (head) {
            response.putHeader("Content-Length", Integer.toString(body.length));
        }
        var sent = head ? response.end() : response.end(Buffer.buffer(body));
        sent.onFailure(e -> LOG.debug("an answer was not taken: {}", e.toString()));
    }

    private static byte[] gzip(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 4);
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
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
            stream.run().run(pipe);
        } catch (IOException e) {
            LOG.debug("a stream was not taken: {}", e.toString());
        }
        if (!pipe.isClosed()) {
            response.end().onFailure(e -> LOG.debug("the end of a stream was not taken: {}", e.toString()));
        }
    }

    private boolean hasBody(int status) {
        return !request.method().name().equals("HEAD") && status != 204 && status != 304;
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
