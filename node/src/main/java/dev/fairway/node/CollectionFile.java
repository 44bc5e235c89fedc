package dev.fairway.node;

import dev.fairway.schema.Json;
import dev.fairway.schema.LeanJson;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.client.ApiClient.Listing;
import dev.fairway.table.PersistentMap;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// A collection of objects in a file: all of them at first, then what changes, a line each. So a change costs its own
/// line, and the file is written anew only when most of it is out of date.
///
/// ```
/// +{"metadata": ...}    there is this object now
/// -default/web          and this one no longer
/// =4711                 all that up to this revision
/// ```
///
/// Lines count with the revision after them: after a crash, and before a damaged line, what was known at the last
/// revision is known. Not for use by several threads.
final class CollectionFile {

    private static final Logger LOG = LoggerFactory.getLogger(CollectionFile.class);

    private static final int PUT = '+';
    private static final int GONE = '-';
    private static final int REVISION = '=';
    /// A file that small is not worth writing anew.
    private static final long STALE_BYTES_MIN = 1 << 20;

    private final Path file;
    private PersistentMap<ObjectKey, Span> spans = PersistentMap.empty();
    private long size;
    private long liveBytes;
    private boolean ours;

    /// Where an object's line is.
    private record Span(long at, int length) {}

    CollectionFile(Path file) {
        this.file = file;
    }

    /// Begins a list that takes the place of all that the file says, once it is finished. Changes may come meanwhile.
    Rewrite rewrite() {
        return new Rewrite();
    }

    /// A list on its way, object by object. What goes wrong is told at its end.
    final class Rewrite implements AutoCloseable {

        private final Path fresh = file.resolveSibling(file.getFileName() + ".listed");
        private Optional<Draft> draft = Optional.empty();
        private Optional<IOException> failure = Optional.empty();

        private Rewrite() {
            attempt(() -> draft = Optional.of(Draft.of(fresh)));
        }

        private interface Step {
            void run() throws IOException;
        }

        private void attempt(Step step) {
            if (failure.isPresent()) {
                return;
            }
            try {
                step.run();
            } catch (IOException e) {
                failure = Optional.of(e);
            }
        }

        void put(ObjectNode object) {
            attempt(() -> draft.orElseThrow().put(object));
        }

        /// @throws IOException when any of it could not be written; then there is no file, since the list that it was
        ///     made of is out of date
        void finish(String revision) throws IOException {
            attempt(() -> {
                Draft whole = draft.orElseThrow();
                whole.line(REVISION, revision.getBytes(StandardCharsets.UTF_8));
                whole.flush();
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                become(whole);
            });
            if (failure.isPresent()) {
                ours = false;
                Files.deleteIfExists(file);
                throw failure.get();
            }
        }

        /// What was not finished is gone.
        @Override
        public void close() {
            if (draft.isEmpty()) {
                return;
            }
            try (FileChannel _ = draft.get().channel) {
                Files.deleteIfExists(fresh);
            } catch (IOException e) {
                LOG.debug("{} stays: {}", fresh, e.getMessage());
            }
        }
    }

    /// Adds changes to the list that the file was made of; without effect before there was one.
    ///
    /// @param changes the objects as they are now, empty for those that are gone
    /// @throws IOException when it cannot be written; the changes are to be given again then
    void append(Map<ObjectKey, Optional<ObjectNode>> changes, String revision) throws IOException {
        if (!ours) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size); // what a failure left
            Draft draft = new Draft(channel, size, spans, liveBytes);
            for (Map.Entry<ObjectKey, Optional<ObjectNode>> change : changes.entrySet()) {
                if (change.getValue().isPresent()) {
                    draft.put(change.getValue().get());
                } else {
                    draft.remove(change.getKey());
                }
            }
            draft.line(REVISION, revision.getBytes(StandardCharsets.UTF_8));
            draft.flush();
            become(draft);
        }
        if (size - liveBytes > liveBytes + STALE_BYTES_MIN) {
            compact(revision);
        }
    }

    private void compact(String revision) throws IOException {
        try (FileChannel old = FileChannel.open(file, StandardOpenOption.READ)) {
            write(draft -> {
                for (Map.Entry<ObjectKey, Span> each : spans.entrySet()) {
                    draft.copy(each.getKey(), old, each.getValue());
                }
                draft.line(REVISION, revision.getBytes(StandardCharsets.UTF_8));
            });
        }
    }

    private interface Content {
        void writeTo(Draft draft) throws IOException;
    }

    /// As a whole: a crash leaves the file before or this one.
    private void write(Content content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Draft draft = Draft.of(fresh);
        try (FileChannel _ = draft.channel) {
            content.writeTo(draft);
            draft.flush();
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            become(draft);
        }
    }

    private void become(Draft draft) {
        spans = draft.spans;
        size = draft.at;
        liveBytes = draft.liveBytes;
        ours = true;
    }

    /// Lines on their way into a file, and where they are.
    private static final class Draft {
        private static final int BUFFER_BYTES = 1 << 16;

        private final FileChannel channel;
        private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
        private PersistentMap<ObjectKey, Span> spans;
        private long liveBytes;
        private long at;

        Draft(FileChannel channel, long at, PersistentMap<ObjectKey, Span> spans, long liveBytes) throws IOException {
            this.channel = channel.position(at);
            this.at = at;
            this.spans = spans;
            this.liveBytes = liveBytes;
        }

        /// Into a file that is made anew.
        static Draft of(Path fresh) throws IOException {
            FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
            return new Draft(channel, 0, PersistentMap.empty(), 0);
        }

        void put(ObjectNode object) throws IOException {
            long start = at;
            line(PUT, Json.toBytes(object));
            span(Meta.key(object), Optional.of(new Span(start, (int) (at - start))));
        }

        void remove(ObjectKey key) throws IOException {
            line(GONE, key.toString().getBytes(StandardCharsets.UTF_8));
            span(key, Optional.empty());
        }

        private void span(ObjectKey key, Optional<Span> span) {
            liveBytes += length(span) - length(spans.find(key));
            spans = spans.with(key, span);
        }

        private static int length(Optional<Span> span) {
            return span.map(Span::length).orElse(0);
        }

        void copy(ObjectKey key, FileChannel from, Span span) throws IOException {
            ByteBuffer line = ByteBuffer.allocate(span.length());
            while (line.hasRemaining()) {
                if (from.read(line, span.at() + line.position()) < 0) {
                    throw new EOFException("the file is shorter than what was written to it");
                }
            }
            span(key, Optional.of(new Span(at, span.length())));
            add(line.array());
        }

        void line(int kind, byte[] text) throws IOException {
            byte[] line = new byte[text.length + 2];
            line[0] = (byte) kind;
            System.arraycopy(text, 0, line, 1, text.length);
            line[text.length + 1] = '\n';
            add(line);
        }

        private void add(byte[] line) throws IOException {
            buffer.writeBytes(line);
            at += line.length;
            if (buffer.size() > BUFFER_BYTES) {
                flush();
            }
        }

        void flush() throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(buffer.toByteArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            buffer.reset();
        }
    }

    /// What the file says; empty when there is none, or nothing whole in it.
    ///
    /// @throws IOException when it cannot be read
    Optional<Listing> read() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return new Reading(file, in).listing();
        }
    }

    private static final class Reading {
        private final Path file;
        private final InputStream in;
        private final Map<ObjectKey, ObjectNode> objects = new TreeMap<>();
        private final Map<ObjectKey, Optional<ObjectNode>> waiting = new TreeMap<>();
        private Optional<String> revision = Optional.empty();

        Reading(Path file, InputStream in) {
            this.file = file;
            this.in = in;
        }

        Optional<Listing> listing() throws IOException {
            try {
                Optional<byte[]> line = line();
                while (line.isPresent()) {
                    take(line.get());
                    line = line();
                }
            } catch (IllegalArgumentException damaged) {
                LOG.warn(
                        "{}: {}; going on with what it says before that, of revision {}",
                        file,
                        damaged.getMessage(),
                        revision.orElse("none"));
            }
            return revision.map(it -> new Listing(new ArrayList<>(objects.values()), it));
        }

        private void take(byte[] line) {
            int kind = line.length == 0 ? 0 : line[0];
            String text = line.length == 0 ? "" : new String(line, 1, line.length - 1, StandardCharsets.UTF_8);
            switch (kind) {
                case PUT -> {
                    ObjectNode object = LeanJson.parse(text.getBytes(StandardCharsets.UTF_8));
                    waiting.put(Meta.key(object), Optional.of(object));
                }
                case GONE -> waiting.put(key(text), Optional.empty());
                case REVISION -> {
                    waiting.forEach((key, object) ->
                            object.ifPresentOrElse(it -> objects.put(key, it), () -> objects.remove(key)));
                    waiting.clear();
                    revision = Optional.of(text);
                }
                default -> throw new IllegalArgumentException("no line of ours: " + text);
            }
        }

        private static ObjectKey key(String text) {
            int slash = text.indexOf('/');
            return slash < 0
                    ? new ObjectKey("", text)
                    : new ObjectKey(text.substring(0, slash), text.substring(slash + 1));
        }

        /// The next whole line without its end.
        private Optional<byte[]> line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next == '\n') {
                    return Optional.of(line.toByteArray());
                }
                line.write(next);
            }
            return Optional.empty();
        }
    }
}
