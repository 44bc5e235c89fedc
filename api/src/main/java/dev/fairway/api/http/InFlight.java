package dev.fairway.api.http;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.ApiException.Details;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// How many requests are answered at once, and how long one may take. Requests that last by nature (watches, streams)
/// are not counted.
final class InFlight {

    /// Upstream's `--max-requests-inflight` and `--max-mutating-requests-inflight`.
    static final int READS_MAX = 400;

    static final int WRITES_MAX = 200;

    private static final Duration TIME_OUT = Duration.ofSeconds(60);

    /// A short crowd is no overload: so long a request waits for its turn before it is turned away.
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private final int readsMax;
    private final int writesMax;
    private final Semaphore reads;
    private final Semaphore writes;
    private final Set<Running> running = ConcurrentHashMap.newKeySet();

    InFlight() {
        this(READS_MAX, WRITES_MAX);
    }

    InFlight(int readsMax, int writesMax) {
        this.readsMax = readsMax;
        this.writesMax = writesMax;
        this.reads = new Semaphore(readsMax);
        this.writes = new Semaphore(writesMax);
    }

    /// How many are being answered that only read.
    int reads() {
        return readsMax - reads.availablePermits();
    }

    /// How many are being answered that change something.
    int writes() {
        return writesMax - writes.availablePermits();
    }

    private static final class Running {
        private final Thread thread = Thread.currentThread();
        private final long since = System.nanoTime();
        private boolean ended;
        private boolean cut;

        /// Interrupts the thread unless it has moved on to something else.
        synchronized void cut() {
            if (!ended) {
                cut = true;
                thread.interrupt();
            }
        }

        synchronized boolean end() {
            ended = true;
            return cut && Thread.interrupted();
        }
    }

    /// Answers on the calling thread.
    ///
    /// @throws ApiException 429 when too many others are being answered, 504 when it takes too long
    Reply answer(Call call, Supplier<Reply> answer) throws InterruptedException {
        if (LongRunning.is(call)) {
            return answer.get();
        }
        Semaphore turn = READS.contains(call.method()) ? reads : writes;
        if (!turn.tryAcquire() && !turn.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw tooMany();
        }
        try {
            return timed(answer);
        } finally {
            turn.release();
        }
    }

    private Reply timed(Supplier<Reply> answer) {
        Running own = new Running();
        running.add(own);
        try {
            Reply reply = answer.get();
            return own.end() ? refuseLate() : reply;
        } catch (RuntimeException e) {
            if (own.end()) {
                throw timedOut();
            }
            throw e;
        } finally {
            running.remove(own);
        }
    }

    private static Reply refuseLate() {
        throw timedOut();
    }

    /// Ends what takes too long. Called every few seconds.
    void sweep() {
        long now = System.nanoTime();
        for (Running each : running) {
            if (now - each.since > TIME_OUT.toNanos()) {
                each.cut();
            }
        }
    }

    static ApiException tooMany() {
        return new ApiException(
                429,
                "TooManyRequests",
                "Too many requests, please try again later.",
                new Details("", "", "", "", java.util.List.of(), 1));
    }

    private static ApiException timedOut() {
        String text = "Timeout: request did not complete within the allotted timeout";
        return new ApiException(504, "Timeout", text);
    }
}
