package dev.fairway.api.http;

import dev.fairway.api.registry.WatchEvent;
import dev.fairway.api.registry.Watcher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Writes the events of one watch until the client leaves, the time is over or the server closes.
final class WatchLoop {

    private static final Duration BOOKMARK_EVERY = Duration.ofMinutes(1);
    private static final long LIFE_MIN_SECONDS = 1800;
    private static final int BATCH_BYTES = 64 * 1024;

    private final Watcher watcher;
    private final WatchEncoder encoder;
    private final boolean bookmarks;
    private final long endNanos;

    private WatchLoop(Watcher watcher, WatchEncoder encoder, boolean bookmarks, Duration life) {
        this.watcher = watcher;
        this.encoder = encoder;
        this.bookmarks = bookmarks;
        this.endNanos = System.nanoTime() + life.toNanos();
    }

    /// A stream, or a WebSocket when the client asked for one.
    static Reply open(Call call, Watcher watcher, WatchEncoder encoder) {
        // Upstream's servers spread the ends of watches over half an hour, so that clients do not come back together.
        long absent = LIFE_MIN_SECONDS + RandomGenerator.getDefault().nextLong(LIFE_MIN_SECONDS);
        long seconds = call.query().number("timeoutSeconds", absent);
        Duration life = Duration.ofSeconds(Math.min(seconds, Integer.MAX_VALUE));
        WatchLoop loop = new WatchLoop(watcher, encoder, call.query().flag("allowWatchBookmarks"), life);
        return call.wantsWebSocket()
                ? new Reply.Socket(pipe -> loop.run(pipe, new MessageSink(pipe, encoder.isBinary())), watcher::close)
                : new Reply.Stream(encoder.contentType(), pipe -> loop.run(pipe, new BatchSink(pipe)));
    }

    /// Where encoded events go.
    private interface Sink {
        void event(byte[] bytes) throws IOException, InterruptedException;

        /// Nothing more is at hand: what was held back must go out.
        default void flush() throws IOException, InterruptedException {}
    }

    /// Joins events that come together into one write.
    private static final class BatchSink implements Sink {
        private final Pipe pipe;
        private final ByteArrayOutputStream batch = new ByteArrayOutputStream();

        BatchSink(Pipe pipe) {
            this.pipe = pipe;
        }

        @Override
        public void event(byte[] bytes) throws IOException, InterruptedException {
            batch.writeBytes(bytes);
            if (batch.size() > BATCH_BYTES) {
                flush();
            }
        }

        @Override
        public void flush() throws IOException, InterruptedException {
            if (batch.size() > 0) {
                pipe.write(batch.toByteArray());
                batch.reset();
            }
        }
    }

    /// One message per event.
    private record MessageSink(SocketPipe pipe, boolean binary) implements Sink {
        @Override
        public void event(byte[] bytes) throws IOException, InterruptedException {
            if (binary) {
                pipe.write(bytes);
            } else {
                pipe.writeText(bytes);
            }
        }
    }

    private void run(Pipe pipe, Sink sink) throws InterruptedException {
        pipe.onClose(watcher::close);
        try (watcher) {
            long nextBookmark = System.nanoTime() + BOOKMARK_EVERY.toNanos();
            while (!pipe.isClosed()) {
                Optional<WatchEvent> event = watcher.poll(Duration.ZERO);
                if (event.isEmpty()) {
                    sink.flush();
                    event = watcher.poll(patience(nextBookmark));
                }
                if (event.isPresent() && !write(event.get(), sink)) {
                    break;
                }
                if (System.nanoTime() - endNanos >= 0) {
                    break;
                }
                nextBookmark = bookmark(nextBookmark, sink);
            }
            sink.flush();
        } catch (IOException e) {
            // The client is gone, which is how most watches end.
            return;
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
        return System.nanoTime() + BOOKMARK_EVERY.toNanos();
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
