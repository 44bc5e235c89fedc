package dev.fairway.client;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.LeanJson;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient.ChangeKind;
import dev.fairway.schema.client.ApiClient.Subscription;
import dev.fairway.schema.client.ApiClient.WatchListener;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.node.ObjectNode;

/// A watch: one JSON event per line until the server, the deadline or the caller ends it.
final class WatchStream implements Subscription {

    /// Watches end by themselves after 5 to 10 minutes, each at its own time, as in client-go.
    private static final int SHORTEST_SECONDS = 300;

    /// A server that is gone without a word is noticed this long after the watch should have ended.
    private static final int PATIENCE_SECONDS = 30;

    private final Transport transport;
    private final WatchListener listener;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean refused;
    private volatile Optional<AsyncBody> body = Optional.empty();

    private WatchStream(Transport transport, WatchListener listener) {
        this.transport = transport;
        this.listener = listener;
    }

    /// Returns once the server has accepted the watch.
    static WatchStream open(Transport transport, ApiPath path, WatchListener listener) {
        int seconds = SHORTEST_SECONDS + ThreadLocalRandom.current().nextInt(SHORTEST_SECONDS);
        WatchStream stream = new WatchStream(transport, listener);
        HttpResponse<AsyncBody> response =
                transport.stream(path.with("timeoutSeconds", Integer.toString(seconds)), stream::received);
        if (!response.isSuccessful()) {
            throw stream.refusal(response);
        }
        stream.follow(response.body(), seconds);
        return stream;
    }

    private void follow(AsyncBody events, int seconds) {
        body = Optional.of(events);
        var _ = events.done()
                .orTimeout(seconds + PATIENCE_SECONDS, TimeUnit.SECONDS)
                .whenComplete((_, failure) -> {
                    events.cancel();
                    end(Optional.ofNullable(failure).map(it -> transport.unreachable(Transport.reason(it))));
                });
        events.consume();
    }

    /// The body of a refusal is read by the same consumer.
    private ApiException refusal(HttpResponse<AsyncBody> response) {
        refused = true;
        response.body().consume();
        response.body()
                .done()
                .completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
        return Refusals.of(response.code(), line.toByteArray());
    }

    /// Called for one piece after the other.
    private void received(List<ByteBuffer> pieces, AsyncBody events) {
        for (ByteBuffer piece : pieces) {
            while (piece.hasRemaining()) {
                byte octet = piece.get();
                if (octet == '\n' && !refused) {
                    deliver();
                } else {
                    line.write(octet);
                }
            }
        }
        if (ended.get()) {
            events.cancel();
        } else {
            events.consume();
        }
    }

    private void deliver() {
        byte[] text = line.toByteArray();
        line.reset();
        if (text.length == 0 || ended.get()) {
            return;
        }
        try {
            deliver(Json.parse(text));
        } catch (RuntimeException e) {
            // A broken event or listener costs this watch, never the client's threads.
            end(Optional.of(new ApiException(500, "InternalError", "a watch event could not be handled: " + e)));
        }
    }

    private void deliver(ObjectNode event) {
        ObjectNode object = Tree.makeObject(event, "object");
        switch (Tree.text(event, "type")) {
            case "BOOKMARK" -> listener.bookmark(Meta.resourceVersion(object));
            case "ERROR" -> end(Optional.of(Refusals.ofStatus(object, 500)));
            case String kind -> listener.changed(ChangeKind.valueOf(kind), LeanJson.of(object));
        }
    }

    private void end(Optional<ApiException> reason) {
        if (ended.compareAndSet(false, true)) {
            listener.closed(reason);
        }
    }

    @Override
    public void close() {
        end(Optional.empty());
        body.ifPresent(AsyncBody::cancel);
    }
}
