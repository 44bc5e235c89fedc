package dev.fairway.api.http;

import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;

/// What an event loop receives for a thread to read: a queue that stops the sender while the reader is behind.
final class Inbox {

    /// Messages taken ahead of the reader; while more wait, the client is not read.
    private static final int AHEAD_MAX = 64;

    private final LinkedBlockingQueue<Optional<byte[]>> messages = new LinkedBlockingQueue<>();
    private final Runnable pause;
    private final Runnable resume;

    /// @param pause stops what fills the inbox
    /// @param resume lets it go on; called also when it was not paused
    Inbox(Runnable pause, Runnable resume) {
        this.pause = pause;
        this.resume = resume;
    }

    /// Called by the event loop.
    void add(byte[] message) {
        messages.add(Optional.of(message));
        if (messages.size() >= AHEAD_MAX) {
            pause.run();
            resumeWhenFew(); // the reader may have taken all of them before the pause, and would wait for ever
        }
    }

    private void resumeWhenFew() {
        if (messages.size() < AHEAD_MAX / 2) {
            resume.run();
        }
    }

    /// Nothing more will come.
    void end() {
        messages.add(Optional.empty());
    }

    /// The next message; empty after the last.
    Optional<byte[]> take() throws InterruptedException {
        Optional<byte[]> message = messages.take();
        if (message.isEmpty()) {
            // Whoever reads again learns it again.
            messages.add(message);
        } else {
            resumeWhenFew();
        }
        return message;
    }
}
