package dev.fairway.scenarios;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// `fairway server` as a process of its own. Its port stays the same, so that those who knew it find it again after its
/// death.
public final class ServerProcess implements AutoCloseable {

    private static final int START_SECONDS = 90;
    private static final int END_SECONDS = 30;

    private final Path state;
    private final String store;
    private final int port;
    private Process process;

    private ServerProcess(Path state, String store) throws IOException {
        this.state = state;
        this.store = store;
        this.port = freePort();
        this.process = launch();
    }

    /// Returns before it answers.
    ///
    /// @param state its folder; the keys may be there already
    /// @param store where the objects are: `sqlite`, `etcd://127.0.0.1:2379`
    public static ServerProcess start(Path state, String store) throws IOException {
        return new ServerProcess(state, store);
    }

    private Process launch() throws IOException {
        List<String> command = List.of(
                Rehearsed.LAUNCHER,
                "server",
                "--state",
                state.toString(),
                "--port",
                Integer.toString(port),
                "--store",
                store);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
        builder.environment().put("FAIRWAY_NO_BUILD", "1");
        return builder.start();
    }

    private Path output() {
        return state.resolveSibling(state.getFileName() + ".out");
    }

    public URI url() {
        return URI.create("https://127.0.0.1:" + port);
    }

    /// The launcher becomes the server: its process is the server's.
    long pid() {
        return process.pid();
    }

    public Path kubeconfig() {
        return state.resolve("kubeconfig");
    }

    /// Waits until it answers and the cluster has what every cluster has.
    public void awaitReady(HttpClient http) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        url().resolve("/api/v1/namespaces/default/serviceaccounts/default"))
                .build();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        String last = "nothing was asked";
        while (System.nanoTime() < deadline && process.isAlive()) {
            try {
                int code = http.send(request, BodyHandlers.discarding()).statusCode();
                if (code == 200) {
                    return;
                }
                last = "code " + code;
            } catch (IOException e) {
                last = e.toString();
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new IllegalStateException(
                "the server of " + state + " is not ready: " + last + "\n" + Files.readString(output()));
    }

    /// As `kill -9` does it.
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// The same server again.
    public void restart() throws IOException, InterruptedException {
        kill();
        process = launch();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
