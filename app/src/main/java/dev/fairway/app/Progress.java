package dev.fairway.app;

import dev.fairway.schema.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import tools.jackson.databind.node.ObjectNode;

/// A server's start, phase by phase, as lines of JSON in a file: the command that waits for it reads along, and may be
/// ended at any time without harm to the server.
public final class Progress {

    private final Path file;
    private final long startNanos = System.nanoTime();
    private long phaseNanos = startNanos;

    public Progress(Path file) {
        this.file = file;
    }

    /// Notes that a phase is done.
    public void done(String phase, String detail) {
        long now = System.nanoTime();
        ObjectNode line = Json.object();
        line.put("phase", phase);
        line.put("detail", detail);
        line.put("millis", (now - phaseNanos) / 1_000_000);
        phaseNanos = now;
        append(line);
    }

    public void ready() {
        ObjectNode line = Json.object();
        line.put("ready", true);
        line.put("millis", (System.nanoTime() - startNanos) / 1_000_000);
        append(line);
    }

    public void failed(CommandException failure) {
        ObjectNode line = Json.object();
        line.put("failed", failure.sentence());
        line.put("exit", failure.exitCode().number());
        append(line);
    }

    private void append(ObjectNode line) {
        try {
            Files.writeString(file, Json.toText(line) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + file, e);
        }
    }
}
