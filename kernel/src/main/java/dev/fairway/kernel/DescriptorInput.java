package dev.fairway.kernel;

import dev.fairway.kernel.libc.Libc;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// Reads a descriptor on a platform thread of its own, so that a reader on a virtual thread does not hold its carrier
/// in a native call. Whoever does not read to the end must close it.
final class DescriptorInput extends InputStream {

    private static final int CHUNK_BYTES = 8192;
    private static final int CHUNKS = 16;
    /// How long a closed stream may go unnoticed by its thread.
    private static final int CHECK_MILLIS = 250;

    private static final long NOTHING_YET = -Errno.EAGAIN.number();
    private static final byte[] END = new byte[0];

    private final Descriptor descriptor;
    private final BlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(CHUNKS);
    private byte[] current = new byte[0];
    private int at;
    private boolean ended;
    private volatile boolean closed;

    DescriptorInput(Descriptor descriptor, String name) {
        this.descriptor = descriptor;
        Thread.ofPlatform().name(name).daemon().start(this::pump);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (at == current.length) {
            if (ended) {
                return -1;
            }
            current = next();
            at = 0;
            ended = current.length == 0; // END
        }
        int count = Math.min(length, current.length - at);
        System.arraycopy(current, at, target, offset, count);
        at += count;
        return count;
    }

    private byte[] next() throws InterruptedIOException {
        try {
            return chunks.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for output of a process");
        }
    }

    @Override
    public void close() {
        closed = true;
        descriptor.close();
    }

    private void pump() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(CHUNK_BYTES);
            boolean open = true;
            while (open) {
                long count = descriptor.use(fd -> readSoon(fd, buffer));
                // a terminal's end is EIO: its last process is gone
                open = count > 0
                        ? offer(buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE))
                        : count == NOTHING_YET;
            }
        } finally {
            descriptor.close();
            offer(END);
        }
    }

    /// What could be read, 0 at the end, or a negated errno.
    private static long readSoon(int fd, MemorySegment buffer) {
        int ready = Libc.pollReadable(fd, CHECK_MILLIS);
        if (ready > 0) {
            return Libc.read(fd, buffer);
        }
        return ready == 0 || ready == -Errno.EINTR.number() ? NOTHING_YET : ready;
    }

    /// False when the reader closed the stream before the chunk found room.
    private boolean offer(byte[] chunk) {
        try {
            while (!closed) {
                if (chunks.offer(chunk, CHECK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
