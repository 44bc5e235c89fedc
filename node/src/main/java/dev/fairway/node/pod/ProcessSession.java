package dev.fairway.node.pod;

import dev.fairway.kernel.KernelProcess;
import dev.fairway.schema.client.PodAccess.ExecSession;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// A command that `kubectl exec` runs.
record ProcessSession(KernelProcess process) implements ExecSession {

    @Override
    public OutputStream input() {
        return process.input();
    }

    @Override
    public InputStream output() {
        return process.output();
    }

    @Override
    public InputStream errors() {
        return process.error();
    }

    @Override
    public void resize(int columns, int rows) {
        process.terminal().ifPresent(terminal -> terminal.resize(rows, columns));
    }

    @Override
    public int waitFor() throws InterruptedException {
        return await(process.exitCode());
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            process.kill();
        }
        try {
            process.input().close();
            process.output().close();
            process.error().close();
        } catch (IOException e) {
            throw new UncheckedIOException("close the streams of a command", e);
        }
    }

    static int await(CompletableFuture<Integer> exit) throws InterruptedException {
        try {
            return exit.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of the command could not be watched", e.getCause());
        }
    }

    /// A session that only shows output and ends with `exit`: what attaching to a container gives, or a command that
    /// could not be started.
    record OutputOnly(InputStream output, InputStream errors, CompletableFuture<Integer> exit) implements ExecSession {

        /// @param exitCode 127 when there is no such command, 126 when it cannot be run, as shells have it
        static OutputOnly failed(String message, int exitCode) {
            byte[] text = (message + "\n").getBytes(StandardCharsets.UTF_8);
            return new OutputOnly(
                    InputStream.nullInputStream(),
                    new ByteArrayInputStream(text),
                    CompletableFuture.completedFuture(exitCode));
        }

        @Override
        public OutputStream input() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public void resize(int columns, int rows) {
            // there is no terminal
        }

        @Override
        public int waitFor() throws InterruptedException {
            return await(exit);
        }

        @Override
        public void close() {
            try {
                output.close();
            } catch (IOException e) {
                throw new UncheckedIOException("close the output of a session", e);
            }
        }
    }
}
