package dev.fairway.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TurnsTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    /// Takes a first turn, during which three more are wished, and then the given one.
    private static Turns afterWishes(Turns.Turn second) throws InterruptedException {
        CountDownLatch inFirst = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Turns turns = new Turns(() -> {
            if (inFirst.getCount() > 0) {
                inFirst.countDown();
                goOn.await();
                return false;
            }
            return second.take();
        });
        turns.wanted();
        inFirst.await();
        turns.wanted();
        turns.wanted();
        turns.wanted();
        goOn.countDown();
        return turns;
    }

    /// The thread that takes turns ends when no more is wanted: only then the number of turns says anything.
    @Test
    void wishesDuringATurnAreOneMoreTurn() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        AtomicBoolean last = new AtomicBoolean();
        CompletableFuture<Thread> taker = new CompletableFuture<>();
        Turns turns = afterWishes(() -> {
            taken.incrementAndGet();
            taker.complete(Thread.currentThread());
            return last.get();
        });

        assertThat(taker.get().join(LONG)).isTrue();
        assertThat(taken).hasValue(1);

        last.set(true);
        turns.wanted();
        assertThat(turns.awaitLast(LONG)).isTrue();
        assertThat(taken).hasValue(2);
    }

    @Test
    void afterTheLastTurnNoneIsTaken() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        Turns turns = new Turns(() -> taken.incrementAndGet() > 0);
        turns.wanted();
        assertThat(turns.awaitLast(LONG)).isTrue();
        turns.wanted();
        turns.wanted();
        assertThat(turns.awaitLast(Duration.ZERO)).isTrue();
        assertThat(taken).hasValue(1);
    }

    @Test
    void aTurnThatFailsIsTheLastAndItsFailureIsHeard() throws Exception {
        Turns turns = afterWishes(() -> {
            throw new UnsupportedOperationException("broken");
        });
        assertThatThrownBy(() -> turns.awaitLast(LONG))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("broken");
        turns.wanted();
        assertThatThrownBy(() -> turns.awaitLast(Duration.ZERO)).hasRootCauseMessage("broken");
    }

    @Test
    void nobodyWaitsLongerThanAllowed() throws Exception {
        Turns turns = new Turns(() -> false);
        assertThat(turns.awaitLast(Duration.ofMillis(1))).isFalse();
    }

    /// What was brought before a wish is found by a turn after it, and never do two turns overlap.
    @Test
    void whateverIsBroughtIsFetchedByOneAtATime() throws Exception {
        int each = 20_000;
        int bringers = 4;
        Semaphore brought = new Semaphore(0);
        AtomicLong fetched = new AtomicLong();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Turns turns = new Turns(() -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            long all = fetched.addAndGet(brought.drainPermits());
            inside.decrementAndGet();
            return all == (long) each * bringers;
        });

        for (int i = 0; i < bringers; i++) {
            Thread.ofPlatform().start(() -> {
                for (int n = 0; n < each; n++) {
                    brought.release();
                    turns.wanted();
                }
            });
        }

        assertThat(turns.awaitLast(LONG)).isTrue();
        assertThat(fetched).hasValue((long) each * bringers);
        assertThat(most).hasValue(1);
    }
}
