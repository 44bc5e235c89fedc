package dev.fairway.api.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/// Runs turns of some work, one at a time, each on a virtual thread that ends with it. A turn that is wanted while one
/// runs follows it; however often it was wanted, one is enough.
final class Turns {

    /// Some work.
    interface Turn {
        /// @return whether it was the last
        boolean take() throws InterruptedException;
    }

    private enum State {
        IDLE,
        RUNNING,
        /// Running, and wanted once more.
        WANTED,
        OVER
    }

    private final Turn turn;
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private final CompletableFuture<State> last = new CompletableFuture<>();

    Turns(Turn turn) {
        this.turn = turn;
    }

    /// From any thread; never waits.
    void wanted() {
        State before = state.getAndUpdate(Turns::afterWish);
        if (before == State.IDLE) {
            Thread.ofVirtual().start(this::run);
        }
    }

    private static State afterWish(State state) {
        return switch (state) {
            case IDLE -> State.RUNNING;
            case RUNNING, WANTED -> State.WANTED;
            case OVER -> State.OVER;
        };
    }

    private void run() {
        try {
            if (takeWanted()) {
                state.set(State.OVER);
                last.complete(State.OVER);
            }
        } catch (InterruptedException | RuntimeException failure) {
            state.set(State.OVER);
            last.completeExceptionally(failure); // who waits for the last turn deals with it
        }
    }

    private boolean takeWanted() throws InterruptedException {
        do {
            if (turn.take()) {
                return true;
            }
        } while (state.updateAndGet(Turns::afterTurn) == State.RUNNING);
        return false;
    }

    private static State afterTurn(State state) {
        return switch (state) {
            case WANTED -> State.RUNNING;
            case IDLE, RUNNING -> State.IDLE;
            case OVER -> State.OVER;
        };
    }

    /// Waits for the last turn.
    ///
    /// @return false when it was not taken within the time
    /// @throws IllegalStateException when a turn failed, which is the last one then
    boolean awaitLast(Duration patience) throws InterruptedException {
        try {
            last.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a turn failed", e.getCause());
        }
    }
}
