package dev.fairway.schema.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CarrierTurnTest {

    private static final int CARRIERS = Runtime.getRuntime().availableProcessors();
    private static final int BUSY = CARRIERS * 4;
    private static final int REQUESTS = 10;
    private static final long PIECE_NANOS = 50_000;

    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger computing = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    /// With `Thread.yield()` in the place of the pauses no request is ever answered.
    @Test
    @Timeout(60)
    void requestsAreAnsweredWhileManyThreadsHaveMuchToDo() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(BUSY);
        for (int i = 0; i < BUSY; i++) {
            Thread.ofVirtual().start(() -> compute(begun));
        }
        assertThat(begun.await(20, TimeUnit.SECONDS)).as("all get a turn").isTrue();
        CountDownLatch answered = new CountDownLatch(REQUESTS);
        for (int i = 0; i < REQUESTS; i++) {
            // as an event loop does: a platform thread of its own
            Thread.ofPlatform().start(() -> Thread.ofVirtual().start(answered::countDown));
        }
        boolean inTime = answered.await(20, TimeUnit.SECONDS);
        ended.set(true);
        assertThat(inTime).isTrue();
        assertThat(most).hasValueLessThanOrEqualTo(Math.max(1, CARRIERS - 1));
    }

    private void compute(CountDownLatch begun) {
        try (CarrierTurn turn = CarrierTurn.begin()) {
            begun.countDown();
            while (!ended.get()) {
                most.accumulateAndGet(computing.incrementAndGet(), Math::max);
                long begin = System.nanoTime();
                while (System.nanoTime() - begin < PIECE_NANOS) {
                    Thread.onSpinWait();
                }
                computing.decrementAndGet();
                turn.pause();
            }
        }
    }

    /// More of them than there are turns, so that a second turn of one would be waited for without end.
    @Test
    @Timeout(60)
    void workWithinATurnNeedsNoSecondOne() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(BUSY);
        for (int i = 0; i < BUSY; i++) {
            Thread.ofVirtual().start(() -> {
                boolean both = CarrierTurn.of(() -> CarrierTurn.of(() -> true));
                if (both) {
                    done.countDown();
                }
            });
        }
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }
}
