package dev.fairway.node.pod;

import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.SparseFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Knows when the lines of a container's log were written, to about a second.
///
/// Processes append to their log files themselves, so that they need no one to pump it and lose nothing when the agent
/// dies. What a file alone cannot tell is when a line came. So a clock looks at the length of each file every second
/// and notes `LENGTH EPOCH_MILLIS` in `FILE.times` when it has grown: all bytes before LENGTH were there at that time.
///
/// It also keeps logs from filling the disk: of a file that has grown too long it gives back the room of the older
/// part, whose length it notes in `FILE.begin`. Positions stay what they are, and the writer notices nothing.
final class LogClock implements AutoCloseable {

    private static final long PERIOD_MILLIS = 1000;

    /// A log keeps at least its last 10 MiB, as the kubelet's newest file does, and never takes more than twice that.
    private static final long KEPT_BYTES = 10 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(LogClock.class);

    private final Map<Path, Long> lengths = new ConcurrentHashMap<>();
    private final Thread ticker = Thread.ofVirtual().name("log-clock").unstarted(this::tick);

    static LogClock start() {
        LogClock clock = new LogClock();
        clock.ticker.start();
        return clock;
    }

    /// Begins to look at a file.
    void watch(Path log) {
        lengths.put(log, lastNoted(log));
    }

    /// Notes what is new and looks no more.
    void forget(Path log) {
        note(log);
        lengths.remove(log);
    }

    private void tick() {
        try {
            while (true) {
                Thread.sleep(PERIOD_MILLIS);
                lengths.keySet().forEach(this::note);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(Path log) {
        lengths.computeIfPresent(log, (_, before) -> {
            Optional<BasicFileAttributes> now = attributes(log);
            long size = now.map(BasicFileAttributes::size).orElse(before);
            if (size > before) {
                append(times(log), size + " " + now.get().lastModifiedTime().toMillis() + "\n");
                shorten(log, size);
            }
            return size;
        });
    }

    private static void shorten(Path log, long size) {
        if (size - begin(log) < 2 * KEPT_BYTES) {
            return;
        }
        long begin = (size - KEPT_BYTES) & -4096; // whole pages
        try {
            SparseFile.forget(log, begin);
            Files.writeString(beginFile(log), Long.toString(begin));
            List<Mark> kept = Marks.read(log).marks().stream()
                    .filter(mark -> mark.length() > begin)
                    .toList();
            StringBuilder lines = new StringBuilder();
            kept.forEach(mark -> lines.append(mark.length())
                    .append(' ')
                    .append(mark.time().toEpochMilli())
                    .append('\n'));
            Files.writeString(times(log), lines);
        } catch (KernelException | IOException e) {
            LOG.warn("the log {} cannot be shortened: {}", log, e.getMessage());
        }
    }

    /// Where what is still kept of a log begins, perhaps in the middle of a line.
    static long begin(Path log) {
        return PodFolder.read(beginFile(log)).map(Long::parseLong).orElse(0L);
    }

    private static Path beginFile(Path log) {
        return log.resolveSibling(log.getFileName() + ".begin");
    }

    private static Optional<BasicFileAttributes> attributes(Path file) {
        try {
            return Optional.of(Files.readAttributes(file, BasicFileAttributes.class));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("look at " + file, e);
        }
    }

    /// A line that this program itself writes to a log.
    static void append(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (NoSuchFileException gone) {
            // the pod's folder was removed while its last words were on the way
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("append to " + file, e);
        }
    }

    private static Path times(Path log) {
        return log.resolveSibling(log.getFileName() + ".times");
    }

    private static long lastNoted(Path log) {
        List<Mark> marks = Marks.read(log).marks();
        return marks.isEmpty() ? 0 : marks.getLast().length();
    }

    /// All bytes before `length` were written at `time` or earlier.
    record Mark(long length, Instant time) {}

    /// The notes about one file.
    record Marks(List<Mark> marks) {

        static Marks read(Path log) {
            List<Mark> marks = new ArrayList<>();
            PodFolder.read(times(log)).orElse("").lines().forEach(line -> {
                String[] words = line.split(" ");
                if (words.length == 2) {
                    marks.add(new Mark(Long.parseLong(words[0]), Instant.ofEpochMilli(Long.parseLong(words[1]))));
                }
            });
            return new Marks(marks);
        }

        /// When the byte at `position` was written; bytes not noted yet are new.
        Instant timeOf(long position, Instant now) {
            return marks.stream()
                    .filter(mark -> mark.length() > position)
                    .map(Mark::time)
                    .findFirst()
                    .orElse(now);
        }

        /// Where what was written at `since` or later begins.
        long positionOf(Instant since) {
            TreeMap<Instant, Long> byTime = new TreeMap<>();
            marks.forEach(mark -> byTime.put(mark.time(), mark.length()));
            Map.Entry<Instant, Long> before = byTime.lowerEntry(since);
            return before == null ? 0 : before.getValue();
        }
    }

    @Override
    public void close() {
        lengths.keySet().forEach(this::note);
        ticker.interrupt();
    }
}
