package dev.fairway.kernel;

/// A loop on a thread of its own, which ends when it is interrupted.
public final class LoopThread implements AutoCloseable {

    private final Thread thread;

    private LoopThread(Thread thread) {
        this.thread = thread;
    }

    /// For a loop whose calls stay in the kernel for long: on a virtual thread they would hold the carrier.
    public static LoopThread platform(String name, Runnable loop) {
        return new LoopThread(Thread.ofPlatform().name(name).daemon().unstarted(loop));
    }

    public static LoopThread virtual(String name, Runnable loop) {
        return new LoopThread(Thread.ofVirtual().name(name).unstarted(loop));
    }

    public void start() {
        thread.start();
    }

    /// Interrupts the loop and returns when it has ended. An interrupt of the caller ends the waiting, and is kept.
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
