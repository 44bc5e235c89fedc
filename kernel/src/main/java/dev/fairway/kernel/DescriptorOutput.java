package dev.fairway.kernel;

import dev.fairway.kernel.libc.Libc;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// Writes a descriptor on a platform thread of its own; see `DescriptorInput`. What is written is on its way, `close`
/// lets it arrive first.
final class DescriptorOutput extends OutputStream {

    private static final int CHUNKS = 16;
    private static final int CHECK_MILLIS = 250;
    private static final byte[] END = new byte[0];

    private final Descriptor descriptor;
    private final boolean owner;
    private final BlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(CHUNKS);
    private volatile boolean broken;
    private boolean closed;

    /// @param owner whether the end of this stream closes the descriptor; not so for a terminal, which is read as well
    DescriptorOutput(Descriptor descriptor, boolean owner, String name) {
        this.descriptor = descriptor;
        this.owner = owner;
        Thread.ofPlatform().name(name).daemon().start(this::pump);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] source, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("the input of the process is closed");
        }
        if (length > 0 && !queue(Arrays.copyOfRange(source, offset, offset + length))) {
            throw new IOException("the process does not read its input any more");
        }
    }

    /// No error when the process reads no more, or has ended meanwhile: there is nothing left to tell it.
    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            boolean _ = queue(END);
        }
    }

    /// Lets the thread end: the process is gone and nobody reads what may still be queued.
    void abandon() {
        broken = true;
    }

    /// Whether there is still somebody to write it.
    private boolean queue(byte[] chunk) throws IOException {
        try {
            while (!broken) {
                if (chunks.offer(chunk, CHECK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing to a process");
        }
        return false;
    }

    private void pump() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(8192);
            boolean open = true;
            while (open && !broken && !descriptor.isClosing()) {
                byte[] chunk = chunks.poll(CHECK_MILLIS, TimeUnit.MILLISECONDS);
                open = chunk == null || chunk.length > 0 && writeAll(chunk, buffer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            broken = true;
            if (owner) {
                descriptor.close();
            }
        }
    }

    private boolean writeAll(byte[] chunk, MemorySegment buffer) {
        int from = 0;
        while (from < chunk.length) {
            int count = (int) Math.min(chunk.length - from, buffer.byteSize());
            MemorySegment.copy(chunk, from, buffer, ValueLayout.JAVA_BYTE, 0, count);
            long written = descriptor.use(fd -> Libc.write(fd, buffer.asSlice(0, count)));
            if (written < 0 && written != -Errno.EINTR.number()) {
                return false;
            }
            from += (int) Math.max(0, written);
        }
        return true;
    }
}
