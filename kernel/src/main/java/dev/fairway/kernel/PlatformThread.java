package dev.fairway.kernel;

import org.jspecify.annotations.Nullable;

/// A throwaway platform thread for calls that change the thread itself, such as `setns`. On a virtual thread such a
/// call would move the carrier, and with it every virtual thread that later runs there.
final class PlatformThread {

    private PlatformThread() {}

    /// Runs the body on a fresh platform thread and waits for its end, even when interrupted: the interrupt is passed
    /// on to the body and kept for the caller.
    static <T extends @Nullable Object, E extends Exception> T call(String name, NetworkNamespace.Body<T, E> body)
            throws E {
        Outcome<T, E> outcome = new Outcome<>(body);
        Thread thread = Thread.ofPlatform().name(name).daemon().start(outcome);
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return outcome.get();
    }

    private static final class Outcome<T extends @Nullable Object, E extends Exception> implements Runnable {

        private final NetworkNamespace.Body<T, E> body;
        private @Nullable T result;
        private @Nullable Throwable failure;

        Outcome(NetworkNamespace.Body<T, E> body) {
            this.body = body;
        }

        @Override
        public void run() {
            try {
                result = body.call();
            } catch (Throwable e) {
                failure = e;
            }
        }

        /// To be called after the thread has ended: `join` makes its writes visible.
        @SuppressWarnings({"unchecked", "NullAway"}) // the body throws E, RuntimeException or Error and nothing else
        T get() throws E {
            switch (failure) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw (E) e;
            }
            return result;
        }
    }
}
