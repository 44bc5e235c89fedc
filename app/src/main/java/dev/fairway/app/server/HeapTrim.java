package dev.fairway.app.server;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/// Gives back the memory that a burst took. G1 shrinks a heap only once it has marked what lives in it, and marks of
/// its
/// own accord only when the heap fills up or nothing at all happens; under a steady load it would keep what one large
/// list has once asked for.
public final class HeapTrim implements AutoCloseable {

    private final Duration pause;
    private final Thread thread;
    private long seen;

    private HeapTrim(Duration pause) {
        this.pause = pause;
        this.thread = Thread.ofPlatform().name("heap trim").daemon().unstarted(this::run);
    }

    /// For a JVM with `-XX:+ExplicitGCInvokesConcurrent`: others go on while the heap is marked.
    ///
    /// @param pause between two looks
    public static HeapTrim every(Duration pause) {
        HeapTrim trim = new HeapTrim(pause);
        trim.thread.start();
        return trim;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(pause);
                if (collections() != seen) {
                    System.gc(); // returns when the marking is done
                    seen = collections();
                }
            }
        } catch (InterruptedException closed) {
            return;
        }
    }

    /// Without one, nothing was asked for since.
    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
