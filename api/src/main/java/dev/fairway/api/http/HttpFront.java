package dev.fairway.api.http;

import dev.fairway.api.security.User;
import dev.fairway.schema.ApiException;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sockets: takes requests from the HTTP library, has them answered on virtual threads and writes the answers. It
/// listens on as many addresses as it is told to; all limits hold for all of them together.
final class HttpFront implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);
    static final int BODY_BYTES_MAX = 3 * 1024 * 1024;

    /// Nobody needs to say much without saying who they are.
    private static final int NAMELESS_BODY_BYTES_MAX = 16 * 1024;

    private static final long SWEEP_MILLIS = TimeUnit.SECONDS.toMillis(5);
    private static final int AUDIT_ID_CHARS_MAX = 64;

    /// One long list, encrypted on its connection's loop, must not stop everybody else.
    private static final int LOOPS = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 4);

    private final Vertx vertx;
    private final Deque<HttpServer> servers = new ConcurrentLinkedDeque<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("request-", 0).factory());
    private final Entrance entrance;
    private final BodyReader bodies;
    private final AcceptedChannels channels = new AcceptedChannels();
    private final Connections connections = new Connections();
    private final AtomicBoolean closed = new AtomicBoolean();

    HttpFront(Entrance entrance) {
        this.entrance = entrance;
        this.vertx = Vertx.builder()
                .with(new VertxOptions())
                .withTransport(channels.transport())
                .build();
        this.bodies = new BodyReader(vertx);
        vertx.setPeriodic(SWEEP_MILLIS, tick -> {
            connections.sweep();
            entrance.sweep();
        });
    }

    /// @return the port
    /// @throws IOException naming the address, when it cannot be listened on
    int listen(HttpServerOptions options) throws IOException {
        // Any free port, but the same one for all of them: the library tells such ports apart by a number.
        SocketAddress address = options.getPort() == 0
                ? SocketAddress.sharedRandomPort(servers.size() + 1, options.getHost())
                : SocketAddress.inetSocketAddress(options.getPort(), options.getHost());
        List<HttpServer> opened = new CopyOnWriteArrayList<>();
        Supplier<Deployable> one = () -> context -> {
            HttpServer server = vertx.createHttpServer(options)
                    .connectionHandler(connections::opened)
                    .requestHandler(this::take);
            opened.add(server);
            return server.listen(address);
        };
        open(one, options);
        servers.addAll(opened);
        return opened.getFirst().actualPort();
    }

    /// Servers of one address and port share the socket; each has an event loop of its own, and new connections go to
    /// them in turn.
    private void open(Supplier<Deployable> server, HttpServerOptions options) throws IOException {
        try {
            vertx.deployVerticle(server, new DeploymentOptions().setInstances(LOOPS))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            String what = e.getCause() == null ? e.toString() : e.getCause().getMessage();
            throw new IOException(
                    "cannot listen on " + options.getHost() + " port " + options.getPort() + ": " + what
                            + "; stop the program that has the port, or choose another",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while opening port " + options.getPort(), e);
        }
    }

    private void take(HttpServerRequest request) {
        connections.began(request.connection());
        if ("websocket".equalsIgnoreCase(header(request, "Upgrade"))) {
            request.exceptionHandler(HttpFront::lost);
            request.pause();
            answer(request, new byte[0], Optional.empty());
            return;
        }
        int bytesMax = Credentials.areGiven(request) ? BODY_BYTES_MAX : NAMELESS_BODY_BYTES_MAX;
        bodies.read(
                request,
                bytesMax,
                body -> answer(request, body, Optional.empty()),
                refusal -> answer(request, new byte[0], Optional.of(refusal)),
                gone -> {
                    lost(gone);
                    connections.ended(request.connection());
                });
    }

    private static void lost(Throwable e) {
        LOG.debug("a client went away: {}", e.toString());
    }

    private void answer(HttpServerRequest request, byte[] body, Optional<ApiException> refusal) {
        Context context = vertx.getOrCreateContext();
        threads.execute(() -> {
            try {
                answer(request, body, refusal, new ReplyWriter(context, request, channels));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                connections.ended(request.connection());
            }
        });
    }

    private void answer(HttpServerRequest request, byte[] body, Optional<ApiException> refusal, ReplyWriter writer)
            throws InterruptedException {
        Call bare = bare(request, body);
        request.response().putHeader("Audit-ID", bare.origin().auditId());
        if (refusal.isPresent()) {
            // What is still to come of the request is not read: the connection is of no more use.
            request.response().putHeader("Connection", "close");
            writer.write(Answers.error(bare, refusal.get()));
            return;
        }
        Call call;
        try {
            User user = entrance.user(request);
            WatchPaths asked = WatchPaths.modern(bare.path(), request.query() == null ? "" : request.query());
            call = new Call(
                    bare.method(),
                    asked.path(),
                    Target.parse(asked.path()),
                    Query.parse(asked.query()),
                    bare.headers(),
                    body,
                    user,
                    bare.origin());
        } catch (ApiException e) {
            writer.write(Answers.error(bare, e));
            return;
        }
        entrance.pass(call, writer::write);
    }

    /// What can be said of a request before it is understood.
    private static Call bare(HttpServerRequest request, byte[] body) {
        String path = request.path() == null ? "" : request.path();
        Call.Origin origin = new Call.Origin(
                request.uri() == null ? "" : request.uri(),
                request.remoteAddress() == null ? "" : request.remoteAddress().hostAddress(),
                Optional.empty(),
                auditId(header(request, "Audit-ID")),
                Instant.now(),
                request.headers());
        return new Call(
                request.method().name(),
                path,
                new Target.Plain(path),
                Query.parse(""),
                name -> header(request, name),
                body,
                User.ANONYMOUS,
                origin);
    }

    /// The client's own, when it is one, so that its log and ours can be joined.
    private static String auditId(String given) {
        boolean usable = !given.isEmpty()
                && given.length() <= AUDIT_ID_CHARS_MAX
                && given.chars().allMatch(c -> c > ' ' && c < 0x7f);
        return usable ? given : UUID.randomUUID().toString();
    }

    /// A header that stands several times is one list (RFC 9110, 5.3).
    private static String header(HttpServerRequest request, String name) {
        return String.join(", ", request.headers().getAll(name));
    }

    /// Closing twice is allowed.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            List<Future<Void>> ending = servers.stream()
                    .map(server -> server.shutdown(2, TimeUnit.SECONDS))
                    .toList();
            Future.join(ending).toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
            threads.shutdownNow();
            vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the HTTP server did not close in time: {}", e.toString());
        }
    }
}
