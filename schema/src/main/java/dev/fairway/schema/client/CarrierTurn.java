package dev.fairway.schema.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The turn of a virtual thread that has much to do: after a while it leaves its carrier to others, such as requests.
///
/// `Thread.yield()` is not enough: the scheduler of virtual threads (a `ForkJoinPool`) puts one that yields into the
/// queue of its own carrier, and a carrier empties that queue before it looks at what other threads submit. Two threads
/// that only yield to each other keep a request, which an event loop submits, waiting until they are finished. One that
/// wakes from a pause, however short, is submitted like the requests.
///
/// For one thread.
public final class CarrierTurn {

    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private long began = System.nanoTime();

    /// To be called between two small pieces of work.
    public void end() {
        if (System.nanoTime() - began >= TURN_NANOS) {
            LockSupport.parkNanos(1);
            began = System.nanoTime();
        }
    }
}
