package dev.fairway.schema.client;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The turn of a virtual thread that computes for long, such as one that takes in a whole collection. Those who do so
/// take turns, so that one of the process's carrier threads is always left for what is short, such as requests.
///
/// `Thread.yield()` does not do: the scheduler of virtual threads (a `ForkJoinPool`) lets a carrier stay with the queue
/// in which it found work, its own before all, until that is empty. Two threads that only yield to each other keep a
/// request, which an event loop puts into another queue, waiting until they are finished.
///
/// On a machine with one processor there is no carrier to spare.
public final class CarrierTurn implements AutoCloseable {

    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /// One count for the process, as it has one set of carriers; who waited longest is next.
    private static final Semaphore TURNS = new Semaphore(Math.max(1, carriers() - 1), true);

    /// Bound while a piece of work is a turn: what it calls needs no second one, for which it might wait for ever.
    private static final ScopedValue<Boolean> HELD = ScopedValue.newInstance();

    private final boolean within = HELD.isBound();
    private long began;

    private CarrierTurn() {
        take();
    }

    /// The scheduler's own default (`java.lang.Thread`).
    private static int carriers() {
        return Integer.getInteger(
                "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());
    }

    /// Waits for a turn.
    public static CarrierTurn begin() {
        return new CarrierTurn();
    }

    /// One piece of work as a turn.
    public static <T> T of(Supplier<T> work) {
        try (CarrierTurn _ = begin()) {
            return ScopedValue.where(HELD, true).call(work::get);
        }
    }

    /// To be called between two small pieces of work: whose turn has lasted long enough gives it to the next.
    public void pause() {
        if (System.nanoTime() - began >= TURN_NANOS) {
            close();
            take();
        }
    }

    private void take() {
        if (!within) {
            TURNS.acquireUninterruptibly();
        }
        began = System.nanoTime();
    }

    @Override
    public void close() {
        if (!within) {
            TURNS.release();
        }
    }
}
