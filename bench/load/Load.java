package dev.fairway.bench;

import io.vertx.core.Future;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/// Clients that each send their next request when the last one is answered.
///
/// @param perSecond answers of all clients together
/// @param p50Millis median of one request's time
record Load(double perSecond, double p50Millis, double p99Millis) {

    /// @param requests how many in all
    /// @param send the request of a number; fails when it is not answered as it should be
    static Load run(int clients, int requests, IntFunction<Future<?>> send) throws InterruptedException {
        Round round = new Round(requests, send);
        long begin = System.nanoTime();
        for (int i = 0; i < clients; i++) {
            round.next();
        }
        if (!round.done.await(10, TimeUnit.MINUTES)) {
            throw new IllegalStateException("the requests were not answered within 10 minutes");
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        Throwable failure = round.failure.get();
        if (failure != null) {
            throw new IllegalStateException("a request failed: " + failure.getMessage(), failure);
        }
        return new Load(requests / seconds, percentile(round.nanos, 50) / 1e6, percentile(round.nanos, 99) / 1e6);
    }

    @Override
    public String toString() {
        return "%.0f/s, p50 %.2f ms, p99 %.2f ms".formatted(perSecond, p50Millis, p99Millis);
    }

    private static final class Round {
        private final IntFunction<Future<?>> send;
        private final long[] nanos;
        private final AtomicInteger given = new AtomicInteger();
        private final CountDownLatch done;
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Round(int requests, IntFunction<Future<?>> send) {
            this.send = send;
            this.nanos = new long[requests];
            this.done = new CountDownLatch(requests);
        }

        void next() {
            int number = given.getAndIncrement();
            if (number >= nanos.length) {
                return;
            }
            long begin = System.nanoTime();
            send.apply(number).onComplete(result -> {
                nanos[number] = System.nanoTime() - begin;
                if (result.failed()) {
                    failure.compareAndSet(null, result.cause());
                }
                done.countDown();
                next();
            });
        }
    }

    static double percentile(long[] values, int percent) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? 0 : sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }
}
