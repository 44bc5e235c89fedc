package dev.fairway.store.etcd;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// gRPC over the HTTP/2 client of Vert.x: messages in frames of a length and bytes, the outcome in trailers (gRPC over
/// HTTP2, grpc/doc/PROTOCOL-HTTP2.md).
final class GrpcChannel implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GrpcChannel.class);
    private static final int CONNECT_MILLIS = 2_000;
    private static final int WINDOW_BYTES = 8 << 20;
    private static final long CANCEL = 8;

    private final Vertx vertx;
    private final HttpClientAgent client;
    private final boolean tls;

    private GrpcChannel(Vertx vertx, HttpClientAgent client, boolean tls) {
        this.vertx = vertx;
        this.client = client;
        this.tls = tls;
    }

    static GrpcChannel open(EtcdConfig config) {
        VertxOptions few =
                new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1).setInternalBlockingPoolSize(2);
        Vertx vertx = Vertx.vertx(few);
        HttpClientAgent client = vertx.httpClientBuilder()
                .with(options(config))
                .withConnectHandler(connection ->
                        connection.exceptionHandler(e -> LOG.debug("the connection to etcd broke: {}", e.toString())))
                .build();
        return new GrpcChannel(vertx, client, config.tls().isPresent());
    }

    private static HttpClientOptions options(EtcdConfig config) {
        HttpClientOptions options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setConnectTimeout(CONNECT_MILLIS)
                .setHttp2ConnectionWindowSize(WINDOW_BYTES)
                .setHttp2KeepAliveTimeout(0)
                .setTcpKeepAlive(true);
        options.getInitialSettings().setInitialWindowSize(WINDOW_BYTES);
        config.tls().ifPresent(keys -> {
            options.setSsl(true).setUseAlpn(true).setVerifyHost(true);
            keys.authority()
                    .ifPresent(file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
            keys.client()
                    .ifPresent(pair -> options.setKeyCertOptions(new PemKeyCertOptions()
                            .addCertPath(pair.certificate().toString())
                            .addKeyPath(pair.key().toString())));
        });
        return options;
    }

    /// One request, one answer.
    byte[] call(EtcdConfig.Endpoint endpoint, String method, byte[] message, String token, Duration patience)
            throws RpcException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        HttpClientRequest request = open(endpoint, method, token, patience);
        try {
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            // asked for before it can come: whoever looks later misses the first bytes of the body
            request.response()
                    .onFailure(e -> answer.completeExceptionally(lost(endpoint, e)))
                    .onSuccess(response -> whole(endpoint, response, answer));
            request.end(frame(message)).onFailure(e -> answer.completeExceptionally(lost(endpoint, e)));
            return answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RpcException known ? known : lost(endpoint, e);
        } catch (TimeoutException e) {
            request.reset(CANCEL);
            throw new RpcException(
                    RpcException.DEADLINE_EXCEEDED,
                    true,
                    "etcd at " + endpoint + " did not answer within " + patience.toMillis() + " ms");
        } catch (InterruptedException e) {
            request.reset(CANCEL);
            throw e;
        }
    }

    /// A call in which both sides speak for as long as they like.
    interface Stream extends AutoCloseable {
        @Override
        void close();
    }

    /// @param onMessage called on the client's event loop: must be quick
    /// @param onEnd called once
    Stream stream(
            EtcdConfig.Endpoint endpoint,
            String method,
            byte[] first,
            String token,
            Duration patience,
            Consumer<byte[]> onMessage,
            Consumer<RpcException> onEnd)
            throws RpcException, InterruptedException {
        HttpClientRequest request = open(endpoint, method, token, patience);
        CompletableFuture<RpcException> end = new CompletableFuture<>();
        CompletableFuture<Void> _ = end.thenAccept(onEnd);
        request.exceptionHandler(e -> end.complete(lost(endpoint, e)));
        request.response().onFailure(e -> end.complete(lost(endpoint, e))).onSuccess(response -> {
            Deframer frames = new Deframer(onMessage);
            response.exceptionHandler(e -> end.complete(lost(endpoint, e)));
            response.endHandler(_ -> end.complete(outcome(endpoint, response)));
            response.handler(buffer -> frames.take(buffer.getBytes()));
        });
        request.write(frame(first)).onFailure(e -> end.complete(lost(endpoint, e)));
        return () -> request.reset(CANCEL);
    }

    private HttpClientRequest open(EtcdConfig.Endpoint endpoint, String method, String token, Duration patience)
            throws RpcException, InterruptedException {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .setSsl(tls)
                .setURI(method);
        CompletableFuture<HttpClientRequest> opened =
                client.request(options).toCompletionStage().toCompletableFuture();
        try {
            HttpClientRequest request = opened.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            request.putHeader("content-type", "application/grpc").putHeader("te", "trailers");
            if (!token.isEmpty()) {
                request.putHeader("token", token);
            }
            return request;
        } catch (ExecutionException e) {
            String why = e.getCause() == null
                    ? e.toString()
                    : String.valueOf(e.getCause().getMessage());
            int code = e.getCause() instanceof SSLException ? RpcException.UNAUTHENTICATED : RpcException.UNAVAILABLE;
            throw new RpcException(code, false, "etcd at " + endpoint + " cannot be reached: " + why);
        } catch (TimeoutException e) {
            CompletableFuture<Void> _ = opened.thenAccept(late -> late.reset(CANCEL));
            throw new RpcException(
                    RpcException.UNAVAILABLE,
                    false,
                    "etcd at " + endpoint + " cannot be reached within " + patience.toMillis() + " ms");
        }
    }

    private static void whole(
            EtcdConfig.Endpoint endpoint, HttpClientResponse response, CompletableFuture<byte[]> answer) {
        response.body()
                .onFailure(e -> answer.completeExceptionally(lost(endpoint, e)))
                .onSuccess(body -> {
                    RpcException outcome = outcome(endpoint, response);
                    if (outcome.code() != 0) {
                        answer.completeExceptionally(outcome);
                        return;
                    }
                    new Deframer(answer::complete).take(body.getBytes());
                    answer.completeExceptionally(lost(endpoint, "its answer has no message"));
                });
    }

    private static RpcException lost(EtcdConfig.Endpoint endpoint, Throwable cause) {
        return lost(endpoint, String.valueOf(cause.getMessage()));
    }

    private static RpcException lost(EtcdConfig.Endpoint endpoint, String why) {
        return new RpcException(
                RpcException.UNAVAILABLE, true, "the connection to etcd at " + endpoint + " was lost: " + why);
    }

    /// The status is in the trailers, or in the headers of an answer that has nothing else.
    private static RpcException outcome(EtcdConfig.Endpoint endpoint, HttpClientResponse response) {
        String code = response.getTrailer("grpc-status");
        String message = response.getTrailer("grpc-message");
        if (code == null) {
            code = response.getHeader("grpc-status");
            message = response.getHeader("grpc-message");
        }
        if (code == null || !code.matches("[0-9]{1,2}")) {
            return new RpcException(
                    RpcException.UNAVAILABLE,
                    true,
                    "etcd at " + endpoint + " broke off (HTTP status " + response.statusCode() + ")");
        }
        String text = message == null ? "" : URLDecoder.decode(message.replace("+", "%2B"), StandardCharsets.UTF_8);
        return new RpcException(Integer.parseInt(code), true, "etcd at " + endpoint + " says: " + text);
    }

    private static Buffer frame(byte[] message) {
        return Buffer.buffer(message.length + Deframer.HEAD)
                .appendByte((byte) 0)
                .appendInt(message.length)
                .appendBytes(message);
    }

    @Override
    public void close() {
        try {
            client.close().toCompletionStage().toCompletableFuture().get(2, TimeUnit.SECONDS);
            vertx.close().toCompletionStage().toCompletableFuture().get(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            vertx.close();
        }
    }
}
