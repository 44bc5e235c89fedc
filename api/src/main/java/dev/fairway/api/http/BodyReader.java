package dev.fairway.api.http;

import dev.fairway.schema.ApiException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Collects a request's body up to a limit of size and time, and all bodies up to a limit of memory. Runs on the
/// request's event loop.
final class BodyReader {

    private static final long MILLIS_MAX = TimeUnit.SECONDS.toMillis(30);

    /// All bodies that are on their way, together.
    private static final long BYTES_OF_ALL_MAX = 96L << 20;

    private final Vertx vertx;
    private final long millisMax;
    private final AtomicLong bytesOfAll = new AtomicLong();

    BodyReader(Vertx vertx) {
        this(vertx, MILLIS_MAX);
    }

    /// @param millisMax in which a body must arrive
    BodyReader(Vertx vertx, long millisMax) {
        this.vertx = vertx;
        this.millisMax = millisMax;
    }

    /// Exactly one of the three actions is called, once; what comes after a refusal is thrown away.
    ///
    /// @param gone when the client goes away before its body is whole
    void read(
            HttpServerRequest request,
            int bytesMax,
            Consumer<byte[]> whole,
            Consumer<ApiException> refused,
            Consumer<Throwable> gone) {
        Reading reading = new Reading(bytesMax, whole, refused);
        request.handler(reading::take);
        request.endHandler(end -> reading.finish());
        request.exceptionHandler(e -> reading.lose(e, gone));
        if (!request.isEnded()) {
            reading.timer = vertx.setTimer(millisMax, late -> reading.refuse(tooSlow()));
        }
    }

    private final class Reading {
        private final int bytesMax;
        private final Consumer<byte[]> whole;
        private final Consumer<ApiException> refused;
        private final Buffer body = Buffer.buffer();
        private long timer = -1;
        private boolean ended;

        Reading(int bytesMax, Consumer<byte[]> whole, Consumer<ApiException> refused) {
            this.bytesMax = bytesMax;
            this.whole = whole;
            this.refused = refused;
        }

        void take(Buffer part) {
            if (ended) {
                return;
            }
            if (body.length() + part.length() > bytesMax) {
                refuse(tooLong(bytesMax));
                return;
            }
            body.appendBuffer(part);
            if (bytesOfAll.addAndGet(part.length()) > BYTES_OF_ALL_MAX) {
                refuse(InFlight.tooMany());
            }
        }

        void finish() {
            if (!ended) {
                end();
                whole.accept(body.getBytes());
            }
        }

        void refuse(ApiException why) {
            if (!ended) {
                end();
                refused.accept(why);
            }
        }

        void lose(Throwable why, Consumer<Throwable> gone) {
            if (!ended) {
                end();
                gone.accept(why);
            }
        }

        /// What is read is handed over or thrown away: it counts no more.
        void end() {
            if (ended) {
                return;
            }
            ended = true;
            bytesOfAll.addAndGet(-body.length());
            if (timer >= 0) {
                vertx.cancelTimer(timer);
            }
        }
    }

    private static ApiException tooLong(int bytesMax) {
        return new ApiException(413, "RequestEntityTooLarge", "Request entity too large: limit is " + bytesMax);
    }

    private ApiException tooSlow() {
        return new ApiException(408, "Timeout", "the request's body did not arrive within " + millisMax / 1000 + " s");
    }
}
