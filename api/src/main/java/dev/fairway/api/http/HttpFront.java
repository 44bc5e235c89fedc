package dev.fairway.api.http;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.fairway.api.security.User;
import dev.fairway.schema.ApiException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sockets: takes requests from the HTTP library, has them answered on virtual threads and writes the answers.
final class HttpFront implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);
    static final int BODY_BYTES_MAX = 3 * 1024 * 1024;

    private final Vertx vertx;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("request-", 0).factory());
    private final Function<Call, Reply> router;
    private final AcceptedChannels channels = new AcceptedChannels();
    /// Who holds a certificate, for as long as a connection has it.
    private final LoadingCache<X509Certificate, User> holders =
            Caffeine.newBuilder().weakKeys().build(User::of);
    private final AtomicBoolean closed = new AtomicBoolean();

    private HttpFront(HttpServerOptions options, Function<Call, Reply> router) {
        this.router = router;
        this.vertx = Vertx.builder()
                .with(new VertxOptions())
                .withTransport(channels.transport())
                .build();
        this.server = vertx.createHttpServer(options).requestHandler(this::take);
    }

    /// @throws IOException naming the address, when it cannot be listened on
    static HttpFront start(HttpServerOptions options, Function<Call, Reply> router) throws IOException {
        HttpFront front = new HttpFront(options, router);
        try {
            front.server.listen().toCompletionStage().toCompletableFuture().get();
            return front;
        } catch (ExecutionException e) {
            front.close();
            String what = e.getCause() == null ? e.toString() : e.getCause().getMessage();
            throw new IOException(
                    "cannot listen on " + options.getHost() + " port " + options.getPort() + ": " + what
                            + "; stop the program that has the port, or choose another",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            front.close();
            throw new IOException("interrupted while opening port " + options.getPort(), e);
        }
    }

    int port() {
        return server.actualPort();
    }

    private void take(HttpServerRequest request) {
        request.exceptionHandler(e -> LOG.debug("a client went away: {}", e.toString()));
        if ("websocket".equalsIgnoreCase(header(request, "Upgrade"))) {
            request.pause();
            answer(request, new byte[0]);
            return;
        }
        BodyReader.read(request, BODY_BYTES_MAX, body -> answer(request, body), () -> refuseBody(request));
    }

    private void answer(HttpServerRequest request, byte[] body) {
        Context context = vertx.getOrCreateContext();
        threads.execute(() -> {
            Reply reply = reply(request, body);
            try {
                new ReplyWriter(context, request, channels).write(reply);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private Reply reply(HttpServerRequest request, byte[] body) {
        String path = request.path() == null ? "" : request.path();
        Call bare = new Call(
                request.method().name(),
                path,
                new Target.Plain(path),
                Query.parse(""),
                name -> header(request, name),
                body,
                user(request.sslSession()));
        try {
            WatchPaths asked = WatchPaths.modern(path, request.query() == null ? "" : request.query());
            Call call = new Call(
                    bare.method(),
                    asked.path(),
                    Target.parse(asked.path()),
                    Query.parse(asked.query()),
                    bare.headers(),
                    body,
                    bare.user());
            Reply reply = router.apply(call);
            LOG.debug(
                    "{} {} {} by {}",
                    call.method(),
                    path,
                    status(reply),
                    call.user().name());
            return reply;
        } catch (ApiException e) {
            return Answers.error(bare, e);
        }
    }

    private static String status(Reply reply) {
        return switch (reply) {
            case Reply.Whole whole -> Integer.toString(whole.status());
            case Reply.Large _ -> "200";
            case Reply.Stream _ -> "stream";
            case Reply.Socket _ -> "socket";
            case Reply.Spdy _ -> "spdy";
            case Reply.Tunnel _ -> "tunnel";
        };
    }

    private void refuseBody(HttpServerRequest request) {
        String text = "Request entity too large: limit is " + BODY_BYTES_MAX;
        ApiException refusal = new ApiException(413, "RequestEntityTooLarge", text);
        Call call = new Call(
                request.method().name(),
                "",
                new Target.Plain(""),
                Query.parse(""),
                name -> "",
                new byte[0],
                User.ANONYMOUS);
        Context context = vertx.getOrCreateContext();
        threads.execute(() -> {
            try {
                new ReplyWriter(context, request, channels).write(Answers.error(call, refusal));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// A header that stands several times is one list (RFC 9110, 5.3).
    private static String header(HttpServerRequest request, String name) {
        return String.join(", ", request.headers().getAll(name));
    }

    /// The TLS layer has verified the certificate against our authority; a client without one is anonymous.
    private User user(SSLSession session) {
        if (session == null) {
            return User.ANONYMOUS;
        }
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? holders.get(certificate)
                    : User.ANONYMOUS;
        } catch (SSLPeerUnverifiedException e) {
            return User.ANONYMOUS;
        }
    }

    /// Closing twice is allowed.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            server.shutdown(2, TimeUnit.SECONDS)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(5, TimeUnit.SECONDS);
            threads.shutdownNow();
            vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the HTTP server did not close in time: {}", e.toString());
        }
    }
}
