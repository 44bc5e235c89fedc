package dev.fairway.node.pod;

import dev.fairway.schema.client.PodAccess.LogOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/// A container's log as `kubectl logs` asks for it: from the line that `tail` or `since` chooses, with or without
/// times, to the end of the file or, following, to the end of the container.
final class LogStream extends InputStream {

    private static final long POLL_MILLIS = 100;
    private static final int BLOCK_BYTES = 8192;

    private final FileChannel file;
    private final Path path;
    private final LogOptions options;
    private final BooleanSupplier running;
    private ByteBuffer ready = ByteBuffer.allocate(0);
    private long position;
    private long left;
    private boolean atLineStart = true;
    private volatile boolean closed;

    private LogStream(FileChannel file, Path path, LogOptions options, BooleanSupplier running, long start) {
        this.file = file;
        this.path = path;
        this.options = options;
        this.running = running;
        this.position = start;
        this.left = options.limitBytes() < 0 ? Long.MAX_VALUE : options.limitBytes();
    }

    /// @param running whether the container may still write
    static LogStream open(Path path, LogOptions options, Instant now, BooleanSupplier running) throws IOException {
        FileChannel file = FileChannel.open(path);
        try {
            long start = 0;
            if (options.sinceSeconds() >= 0) {
                start = LogClock.Marks.read(path).positionOf(now.minusSeconds(options.sinceSeconds()));
            }
            long begin = LogClock.begin(path);
            if (options.tailLines() >= 0) {
                start = Math.max(start, tail(file, options.tailLines(), begin));
            }
            start = start < begin ? nextLine(file, begin) : start;
            return new LogStream(file, path, options, running, start);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /// Where the first whole line after `position` begins.
    private static long nextLine(FileChannel file, long position) throws IOException {
        for (long from = position; ; from += BLOCK_BYTES) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
            int count = file.read(block, from);
            for (int i = 0; i < count; i++) {
                if (block.get(i) == '\n') {
                    return from + i + 1;
                }
            }
            if (count < BLOCK_BYTES) {
                return from + Math.max(0, count);
            }
        }
    }

    /// Where the last `lines` lines begin, found by reading backwards, but not before `begin`.
    private static long tail(FileChannel file, long lines, long begin) throws IOException {
        long end = file.size();
        if (lines == 0) {
            return end;
        }
        long wanted = lines;
        for (long to = end; to > begin; ) {
            long from = Math.max(begin, to - BLOCK_BYTES);
            ByteBuffer block = ByteBuffer.allocate((int) (to - from));
            file.read(block, from);
            for (int i = block.position() - 1; i >= 0; i--) {
                boolean endsEarlierLine = block.get(i) == '\n' && from + i + 1 < end;
                if (endsEarlierLine && --wanted <= 0) {
                    return from + i + 1;
                }
            }
            to = from;
        }
        return begin == 0 ? 0 : nextLine(file, begin);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0 || !ready.hasRemaining() && !fill()) {
            return -1;
        }
        int count = (int) Math.min(Math.min(length, ready.remaining()), left);
        ready.get(target, offset, count);
        left -= count;
        return count;
    }

    @Override
    public int available() {
        return ready.remaining();
    }

    /// Reads the next block.
    ///
    /// @return false at the end
    private boolean fill() throws IOException {
        while (!closed) {
            boolean last = !options.follow() || !running.getAsBoolean();
            ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
            int count = file.read(block, position);
            if (count > 0 && block.get(0) == 0 && position < LogClock.begin(path)) {
                position = nextLine(file, LogClock.begin(path)); // the reader was too slow for the writer
                continue;
            }
            if (count > 0) {
                ready = options.timestamps() ? stamped(block.flip()) : block.flip();
                position += count;
                return true;
            }
            if (last || !pause()) {
                return false;
            }
        }
        return false;
    }

    private ByteBuffer stamped(ByteBuffer block) {
        LogClock.Marks marks = LogClock.Marks.read(path);
        Instant now = Instant.now();
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < block.limit(); i++) {
            if (atLineStart) {
                out.append(marks.timeOf(position + i, now)).append(' ');
            }
            byte b = block.get(i);
            out.append((char) (b & 0xff));
            atLineStart = b == '\n';
        }
        return ByteBuffer.wrap(out.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static boolean pause() {
        try {
            Thread.sleep(POLL_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        file.close();
    }
}
