package dev.fairway.control.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.control.loop.Controller.RetryDelays;
import dev.fairway.schema.Resource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class WorkQueueTest {

    private static final WorkKey A = new WorkKey(Resource.PODS, "shop", "a");
    private static final WorkKey B = new WorkKey(Resource.PODS, "shop", "b");

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final WorkQueue queue =
            new WorkQueue(new SetClock(), new RetryDelays(Duration.ofSeconds(1), Duration.ofSeconds(5)));

    @Test
    void aKeyWaitsOnlyOnce() throws InterruptedException {
        queue.add(A);
        queue.add(B);
        queue.add(A);
        assertThat(drain()).containsExactly(A, B);
    }

    @Test
    void aKeyAddedWhileActiveComesBackAfterwards() throws InterruptedException {
        queue.add(A);
        WorkKey taken = queue.take();
        queue.add(A);
        queue.add(B);
        assertThat(queue.take()).isEqualTo(B);
        queue.done(B);
        queue.done(taken);
        assertThat(drain()).containsExactly(A);
    }

    @Test
    void failuresWaitTwiceAsLongEachTimeUpToTheLimit() throws InterruptedException {
        List<Long> waits = new ArrayList<>();
        for (int failure = 0; failure < 5; failure++) {
            queue.retry(A);
            waits.add(secondsUntilDue());
        }
        queue.forgive(A);
        queue.retry(A);
        waits.add(secondsUntilDue());
        assertThat(waits).containsExactly(1L, 2L, 4L, 5L, 5L, 1L);
    }

    @Test
    void onlyTheEarliestMomentCounts() throws InterruptedException {
        queue.addAfter(A, Duration.ofSeconds(10));
        queue.addAfter(A, Duration.ofSeconds(3));
        assertThat(secondsUntilDue()).isEqualTo(3);
        now = now.plusSeconds(60);
        assertThat(drain()).isEmpty();
    }

    @Test
    void aWaitingThreadWakesWhenTheClockHasJumped() throws InterruptedException {
        queue.addAfter(A, Duration.ofHours(1));
        List<WorkKey> taken = new ArrayList<>();
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                taken.add(queue.take());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        now = now.plus(Duration.ofHours(2));
        queue.wake();
        waiting.join();
        assertThat(taken).containsExactly(A);
    }

    private long secondsUntilDue() throws InterruptedException {
        Instant start = now;
        while (queue.isIdle()) {
            now = now.plusSeconds(1);
        }
        assertThat(drain()).containsExactly(A);
        return Duration.between(start, now).toSeconds();
    }

    private List<WorkKey> drain() throws InterruptedException {
        List<WorkKey> out = new ArrayList<>();
        while (!queue.isIdle()) {
            WorkKey key = queue.take();
            out.add(key);
            queue.done(key);
        }
        return out;
    }

    private final class SetClock extends Clock {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
