package dev.fairway.scenarios;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs a real program and waits for it, never longer than its time.
final class Run {

    private static final int TIMEOUT_SECONDS = 120;

    private Run() {}

    record Result(List<String> command, int exitCode, String out, String err) {

        /// The output, if the command succeeded; otherwise a failure that shows all of it.
        String ok() {
            if (exitCode != 0) {
                throw new AssertionError(this.toString());
            }
            return out;
        }

        boolean succeeded() {
            return exitCode == 0;
        }

        @Override
        public String toString() {
            return "$ " + String.join(" ", command) + "\nexit " + exitCode + "\n" + out + err;
        }
    }

    static Result command(List<String> command) {
        return command(command, Map.of(), "");
    }

    static Result command(List<String> command, Map<String, String> environment, String input) {
        try {
            Path out = Files.createTempFile("fwt", ".out");
            Path err = Files.createTempFile("fwt", ".err");
            Path in = Files.writeString(Files.createTempFile("fwt", ".in"), input);
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new AssertionError("$ " + String.join(" ", command) + "\nno end after " + TIMEOUT_SECONDS
                            + " s\n" + read(out) + read(err));
                }
                return new Result(command, process.exitValue(), read(out), read(err));
            } finally {
                for (Path file : List.of(out, err, in)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /// Output need not be text: a program may print what it got from the network.
    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
