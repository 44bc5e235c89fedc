package dev.fairway.api.http;

import dev.fairway.api.registry.WatchEvent;
import dev.fairway.api.registry.Watcher;
import dev.fairway.schema.ApiException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Writes the events of one watch until the client leaves, the time is over or the server closes.
final class WatchLoop {

    private static final Duration BOOKMARK_EVERY = Duration.ofMinutes(1);
    private static final Duration BOOKMARK_BEFORE_END = Duration.ofSeconds(2);
    private static final long LIFE_MIN_SECONDS = 1800;
    private static final int FRAME_LENGTH_BYTES = 4;
    private static final int BATCH_BYTES = 64 * 1024;

    private final Watcher watcher;
    private final WatchEncoder encoder;
    private final boolean bookmarks;
    private final long endNanos;
    private volatile long nextBookmark;

    private WatchLoop(Watcher watcher, WatchEncoder encoder, boolean bookmarks, Duration life) {
        this.watcher = watcher;
        this.encoder = encoder;
        this.bookmarks = bookmarks;
        this.endNanos = System.nanoTime() + life.toNanos();
        this.nextBookmark = nextBookmark();
    }

    /// A stream, or a WebSocket when the client asked for one.
    static Reply open(Call call, Watcher watcher, WatchEncoder encoder) {
        // Upstream's servers spread the ends of watches over half an hour, so that clients do not come back together.
        long asked = call.query().number("timeoutSeconds", 0);
        long seconds = asked > 0
                ? asked
                : LIFE_MIN_SECONDS + RandomGenerator.getDefault().nextLong(LIFE_MIN_SECONDS);
        Duration life = Duration.ofSeconds(Math.min(seconds, Integer.MAX_VALUE));
        WatchLoop loop = new WatchLoop(watcher, encoder, call.query().flag("allowWatchBookmarks"), life);
        return call.wantsWebSocket()
                ? new Reply.Socket(pipe -> loop.run(pipe, new MessageSink(pipe, encoder.isBinary())), watcher::close)
                : new Reply.Stream(encoder.contentType(), pipe -> loop.run(pipe, new BatchSink(pipe)));
    }

    /// A watch that ends at once and says why as its only event.
    static Reply refused(Call call, ApiException reason, WatchEncoder encoder) {
        return call.wantsWebSocket()
                ? new Reply.Socket(pipe -> tell(reason, encoder, new MessageSink(pipe, encoder.isBinary())))
                : new Reply.Stream(encoder.contentType(), pipe -> tell(reason, encoder, new BatchSink(pipe)));
    }

    private static void tell(ApiException reason, WatchEncoder encoder, Sink sink) throws InterruptedException {
        try {
            sink.event(encoder.error(reason));
            sink.flush();
        } catch (IOException e) {
            return; // the client is gone and learns it from its next request
        }
    }

    /// Where encoded events go.
    private interface Sink {
        void event(byte[] bytes) throws IOException, InterruptedException;

        /// A revision is whole: what was held back may go out.
        default void settle() throws IOException, InterruptedException {}

        /// Nothing more is at hand: what was held back must go out.
        default void flush() throws IOException, InterruptedException {}
    }

    /// Joins events that come together into one write, and always those of one revision. One event alone goes out as
    /// the bytes that all watchers of its form share.
    private static final class BatchSink implements Sink {
        private final Pipe pipe;
        private final List<byte[]> batch = new ArrayList<>();
        private int size;

        BatchSink(Pipe pipe) {
            this.pipe = pipe;
        }

        @Override
        public void event(byte[] bytes) {
            batch.add(bytes);
            size += bytes.length;
        }

        @Override
        public void settle() throws IOException, InterruptedException {
            if (size > BATCH_BYTES) {
                flush();
            }
        }

        @Override
        public void flush() throws IOException, InterruptedException {
            if (!batch.isEmpty()) {
                pipe.write(batch.size() == 1 ? batch.getFirst() : joined());
                batch.clear();
                size = 0;
            }
        }

        private byte[] joined() {
            ByteBuffer all = ByteBuffer.allocate(size);
            batch.forEach(all::put);
            return all.array();
        }
    }

    /// One message per event.
    private record MessageSink(SocketPipe pipe, boolean binary) implements Sink {
        @Override
        public void event(byte[] bytes) throws IOException, InterruptedException {
            if (binary) {
                // A message has its own length; the one in front of each frame of a stream would be one too many.
                pipe.write(Arrays.copyOfRange(bytes, FRAME_LENGTH_BYTES, bytes.length));
            } else {
                pipe.writeText(bytes);
            }
        }
    }

    /// The thread of the request only waits. Whenever something has come, a thread of its own takes a turn and ends:
    /// of a parked thread whose stack is used for every event, the collector would walk the stack at each pause.
    private void run(Pipe pipe, Sink sink) throws InterruptedException {
        Turns turns = new Turns(() -> turn(pipe, sink));
        pipe.onClose(watcher::close);
        try (watcher) {
            watcher.onReady(turns::wanted);
            do {
                turns.wanted();
            } while (!turns.awaitLast(patience(nextBookmark)));
        }
    }

    /// Writes what there is.
    ///
    /// @return whether it was the last turn
    private boolean turn(Pipe pipe, Sink sink) throws InterruptedException {
        try {
            while (!pipe.isClosed()) {
                Optional<WatchEvent> event = watcher.poll(Duration.ZERO);
                if (event.isPresent() && !write(event.get(), sink)) {
                    sink.flush();
                    return true;
                }
                if (watcher.isAmidRevision()) {
                    continue;
                }
                sink.settle();
                nextBookmark = bookmark(nextBookmark, sink);
                boolean over = System.nanoTime() - endNanos >= 0;
                if (over || event.isEmpty()) {
                    sink.flush();
                    return over;
                }
            }
            return true;
        } catch (IOException gone) {
            return true; // the client is gone, which is how most watches end
        }
    }

    private Duration patience(long nextBookmark) {
        long now = System.nanoTime();
        return Duration.ofNanos(Math.max(0, Math.min(endNanos - now, nextBookmark - now)) + 1_000_000);
    }

    private long bookmark(long due, Sink sink) throws IOException, InterruptedException {
        if (System.nanoTime() - due < 0) {
            return due;
        }
        Optional<WatchEvent.Bookmark> mark = bookmarks ? watcher.bookmark() : Optional.empty();
        if (mark.isPresent()) {
            sink.event(encoder.bookmark(mark.get()));
        }
        return nextBookmark();
    }

    /// Every minute, and shortly before the end, so that the client can go on from there.
    private long nextBookmark() {
        long now = System.nanoTime();
        long regular = now + BOOKMARK_EVERY.toNanos();
        long last = endNanos - BOOKMARK_BEFORE_END.toNanos();
        return last - now > 0 && last - regular < 0 ? last : regular;
    }

    /// False when this was the last event.
    private boolean write(WatchEvent event, Sink sink) throws IOException, InterruptedException {
        return switch (event) {
            case WatchEvent.Changed changed -> {
                sink.event(encoder.changed(changed));
                yield true;
            }
            case WatchEvent.Bookmark mark -> {
                sink.event(encoder.bookmark(mark));
                yield true;
            }
            case WatchEvent.Ended ended -> {
                if (ended.reason().isPresent()) {
                    sink.event(encoder.error(ended.reason().get()));
                }
                yield false;
            }
        };
    }
}
