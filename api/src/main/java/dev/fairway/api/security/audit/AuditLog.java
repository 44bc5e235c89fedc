package dev.fairway.api.security.audit;

import dev.fairway.schema.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes audit events as lines of JSON to `audit.log`, from a thread of its own. When that is full the file becomes
/// `audit.log.1`, and so on; the oldest goes. A full queue makes requests wait: none goes unrecorded.
public final class AuditLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final long FILE_BYTES_MAX = 100L << 20;
    private static final int FILES_KEPT = 5;
    private static final int QUEUE_MAX = 20_000;
    private static final int BATCH_MAX = 1_000;

    private final Optional<Path> file;
    private final long bytesMax;
    private final BlockingQueue<AuditEvent> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final Thread thread;
    private volatile boolean closed;
    private long written;
    private boolean failing;

    private AuditLog(Optional<Path> file, long bytesMax) {
        this.file = file;
        this.bytesMax = bytesMax;
        this.thread = Thread.ofPlatform().name("audit").daemon().unstarted(this::run);
    }

    /// No log: events are forgotten.
    public static AuditLog none() {
        return new AuditLog(Optional.empty(), FILE_BYTES_MAX);
    }

    /// @param folder made when missing
    /// @throws IOException naming the folder, when nothing can be written there
    public static AuditLog open(Path folder) throws IOException {
        return open(folder, FILE_BYTES_MAX);
    }

    static AuditLog open(Path folder, long bytesMax) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("audit.log");
        AuditLog log = new AuditLog(Optional.of(file), bytesMax);
        try (OutputStream _ = log.append(file)) {
            log.written = Files.size(file);
        }
        log.thread.start();
        return log;
    }

    public boolean isOpen() {
        return file.isPresent();
    }

    public void record(AuditEvent event) throws InterruptedException {
        if (file.isPresent() && !closed) {
            queue.put(event);
        }
    }

    private void run() {
        List<AuditEvent> batch = new ArrayList<>();
        while (!closed || !queue.isEmpty()) {
            try {
                AuditEvent first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, BATCH_MAX);
                    write(file.orElseThrow(), batch);
                    batch.clear();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /// The top of the loop: a disk that is full must not end the server. It is said once.
    private void write(Path target, List<AuditEvent> batch) {
        try {
            if (written >= bytesMax) {
                rotate(target);
            }
            try (OutputStream out = new BufferedOutputStream(append(target), 1 << 16)) {
                for (AuditEvent event : batch) {
                    byte[] line = Json.toBytes(event.toTree());
                    out.write(line);
                    out.write('\n');
                    written += line.length + 1;
                }
            }
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.error("cannot write the audit log {}: {}; events are lost until it can", target, e.toString());
            }
            failing = true;
        }
    }

    private OutputStream append(Path target) throws IOException {
        if (!Files.exists(target)) {
            Files.createFile(
                    target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return Files.newOutputStream(target, StandardOpenOption.APPEND);
    }

    private void rotate(Path target) throws IOException {
        for (int i = FILES_KEPT - 1; i >= 0; i--) {
            Path from = i == 0 ? target : target.resolveSibling(target.getFileName() + "." + i);
            if (Files.exists(from)) {
                Files.move(
                        from,
                        target.resolveSibling(target.getFileName() + "." + (i + 1)),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        written = 0;
    }

    /// Writes what is left, then stops.
    @Override
    public void close() {
        closed = true;
        if (file.isEmpty()) {
            return;
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
