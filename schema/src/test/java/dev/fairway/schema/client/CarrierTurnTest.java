package dev.fairway.schema.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CarrierTurnTest {

    private static final int BUSY_PER_CARRIER = 4;

    /// With `Thread.yield()` in the place of the turn's end this waits for ever.
    @Test
    @Timeout(60)
    void aRequestGetsItsTurnWhileAllCarriersHaveMuchToDo() throws InterruptedException {
        AtomicBoolean ended = new AtomicBoolean();
        int busy = Runtime.getRuntime().availableProcessors() * BUSY_PER_CARRIER;
        CountDownLatch running = new CountDownLatch(busy);
        for (int i = 0; i < busy; i++) {
            Thread.ofVirtual().start(() -> {
                CarrierTurn turn = new CarrierTurn();
                running.countDown();
                while (!ended.get()) {
                    Thread.onSpinWait();
                    turn.end();
                }
            });
        }
        running.await();
        CountDownLatch answered = new CountDownLatch(1);
        Thread.ofVirtual().start(answered::countDown);
        boolean inTime = answered.await(30, TimeUnit.SECONDS);
        ended.set(true);
        assertThat(inTime).isTrue();
    }
}
