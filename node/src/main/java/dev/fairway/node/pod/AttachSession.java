package dev.fairway.node.pod;

import dev.fairway.kernel.KernelProcess;
import dev.fairway.kernel.ProcessIdentity;
import dev.fairway.kernel.Pty;
import dev.fairway.schema.client.PodAccess.ExecSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;

/// A client at a container's own input and output. Closing it leaves the container alone, except that the input of a
/// container with `stdinOnce` ends with its first client.
final class AttachSession implements ExecSession {

    private static final int OPENING_TRIES = 200;
    private static final int OPENING_MILLIS = 10;

    private final InputStream output;
    private final OutputStream input;
    private final ProcessIdentity process;
    private final CompletableFuture<Integer> exit;

    private AttachSession(
            InputStream output, OutputStream input, ProcessIdentity process, CompletableFuture<Integer> exit) {
        this.output = output;
        this.input = input;
        this.process = process;
        this.exit = exit;
    }

    /// @param pipe of the container's input
    /// @param once whether the input ends when this client has closed it
    static AttachSession open(
            InputStream output, Path pipe, boolean once, ProcessIdentity process, CompletableFuture<Integer> exit)
            throws IOException {
        awaitReader(process, pipe);
        // open for both: a pipe that nobody reads (any more) would hold up one who only writes
        FileChannel channel = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new AttachSession(output, new Input(channel, pipe, once, process), process, exit);
    }

    /// A container that has just started may not have opened its end yet; one that takes no more input never will.
    private static void awaitReader(ProcessIdentity process, Path pipe) {
        try {
            for (int i = 0; i < OPENING_TRIES && process.isAlive() && !KernelProcess.hasInput(process, pipe); i++) {
                Thread.sleep(OPENING_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The pipe; closing it may end the container's input for good.
    private static final class Input extends OutputStream {
        private final FileChannel channel;
        private final OutputStream out;
        private final Path pipe;
        private final boolean once;
        private final ProcessIdentity process;

        Input(FileChannel channel, Path pipe, boolean once, ProcessIdentity process) {
            this.channel = channel;
            this.out = Channels.newOutputStream(channel);
            this.pipe = pipe;
            this.once = once;
            this.process = process;
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            boolean first = channel.isOpen();
            channel.close();
            if (first && once) {
                KernelProcess.endInput(process, pipe);
            }
        }
    }

    @Override
    public OutputStream input() {
        return input;
    }

    @Override
    public InputStream output() {
        return output;
    }

    @Override
    public InputStream errors() {
        return InputStream.nullInputStream();
    }

    @Override
    public void resize(int columns, int rows) {
        Pty.resize(process, rows, columns);
    }

    @Override
    public int waitFor() throws InterruptedException {
        return ProcessSession.await(exit);
    }

    @Override
    public void close() {
        try {
            input.close();
            output.close();
        } catch (IOException e) {
            throw new UncheckedIOException("close the streams of a container", e);
        }
    }
}
