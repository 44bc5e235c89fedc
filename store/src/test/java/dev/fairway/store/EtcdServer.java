package dev.fairway.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real etcd of a test's own, on free loopback ports, its files in a temporary folder.
public final class EtcdServer implements AutoCloseable {

    private final Path folder;
    private final List<String> options;
    private final String scheme;
    private final int clientPort = freePort();
    private final int peerPort = freePort();
    private Process process;

    private EtcdServer(Path folder, String scheme, List<String> options) throws IOException {
        this.folder = folder;
        this.scheme = scheme;
        this.options = options;
        this.process = launch();
    }

    public static EtcdServer start(Path folder) throws IOException {
        return new EtcdServer(folder, "http", List.of());
    }

    static EtcdServer start(Path folder, List<String> options) throws IOException {
        return new EtcdServer(folder, "http", options);
    }

    static EtcdServer startWithTls(Path folder, List<String> options) throws IOException {
        return new EtcdServer(folder, "https", options);
    }

    private Process launch() throws IOException {
        String client = scheme + "://127.0.0.1:" + clientPort;
        String peer = "http://127.0.0.1:" + peerPort;
        List<String> command = new ArrayList<>(List.of(
                "etcd",
                "--data-dir=" + folder.resolve("etcd"),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=default=" + peer,
                "--unsafe-no-fsync"));
        command.addAll(options);
        Path log = folder.resolve("etcd.log");
        Files.deleteIfExists(log);
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        while (started.isAlive()
                && !Files.readString(log, StandardCharsets.ISO_8859_1).contains("serving")) {
            pause();
        }
        return started;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public String endpoint() {
        return "127.0.0.1:" + clientPort;
    }

    public String location() {
        return "etcd://" + endpoint();
    }

    /// The same etcd again, with what it had written.
    public void restart() throws IOException {
        kill();
        process = launch();
    }

    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The process stands still with its connections open, as behind a broken network.
    public void freeze(boolean frozen) throws Exception {
        new ProcessBuilder("kill", frozen ? "-STOP" : "-CONT", Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        while (frozen && !standsStill()) {
            pause();
        }
    }

    /// Each thread is told on its own, and a busy one may still answer (state T, proc_pid_stat(5)).
    private boolean standsStill() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        }
    }

    public void awaitReady() throws Exception {
        for (int i = 0; ; i++) {
            try {
                control("get", "anything");
                return;
            } catch (IllegalStateException e) {
                if (i == 40) {
                    throw e;
                }
            }
        }
    }

    /// Runs etcdctl against this server.
    String control(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("etcdctl", "--endpoints=" + scheme + "://" + endpoint()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ETCDCTL_API", "3");
        Process run = builder.start();
        String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (run.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed: " + output);
        }
        return output;
    }

    @Override
    public void close() {
        kill();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
