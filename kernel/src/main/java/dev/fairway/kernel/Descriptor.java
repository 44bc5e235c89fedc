package dev.fairway.kernel;

import dev.fairway.kernel.libc.Libc;
import java.util.function.IntToLongFunction;

/// A file descriptor that several threads use. It is closed only when no call is under way any more: a number closed
/// under a running call could meanwhile belong to another file.
final class Descriptor {

    private static final long CLOSED = -9; // EBADF

    private final int fd;
    private int calls;
    private boolean closing;
    private boolean closed;

    Descriptor(int fd) {
        this.fd = fd;
    }

    /// The call's result, or the negated EBADF after `close`.
    long use(IntToLongFunction call) {
        synchronized (this) {
            if (closing) {
                return CLOSED;
            }
            calls++;
        }
        try {
            return call.applyAsLong(fd);
        } finally {
            synchronized (this) {
                calls--;
                closeWhenIdle();
            }
        }
    }

    synchronized boolean isClosing() {
        return closing;
    }

    synchronized void close() {
        closing = true;
        closeWhenIdle();
    }

    private void closeWhenIdle() {
        if (closing && !closed && calls == 0) {
            closed = true;
            Libc.close(fd);
        }
    }
}
