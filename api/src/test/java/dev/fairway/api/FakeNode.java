package dev.fairway.api;

import dev.fairway.schema.client.PodAccess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/// A node for tests: its pods' commands are processes of this machine, their ports are ports of loopback.
final class FakeNode implements PodAccess {

    final AtomicReference<String> lastSize = new AtomicReference<>("");

    @Override
    public InputStream logs(PodRef pod, LogOptions options) {
        String text = "log of " + pod.container() + " " + options.tailLines() + " " + options.follow() + "\n";
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public ExecSession exec(PodRef pod, ExecOptions options) throws IOException {
        return new LocalSession(new ProcessBuilder(options.command()).start());
    }

    @Override
    public ExecSession attach(PodRef pod, ExecOptions options) throws IOException {
        return new LocalSession(new ProcessBuilder("cat").start());
    }

    @Override
    public ByteChannel connect(PodRef pod, int port) throws IOException {
        return SocketChannel.open(new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), port));
    }

    @Override
    public ByteChannel connectToNode(int port) throws IOException {
        return SocketChannel.open(new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), port));
    }

    private final class LocalSession implements ExecSession {
        private final Process process;

        LocalSession(Process process) {
            this.process = process;
        }

        @Override
        public OutputStream input() {
            return process.getOutputStream();
        }

        @Override
        public InputStream output() {
            return process.getInputStream();
        }

        @Override
        public InputStream errors() {
            return process.getErrorStream();
        }

        @Override
        public void resize(int columns, int rows) {
            lastSize.set(columns + "x" + rows);
        }

        @Override
        public int waitFor() throws InterruptedException {
            return process.waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
