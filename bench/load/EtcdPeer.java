package dev.fairway.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Debian's etcd, written to and read through its JSON gateway: what a database alone does on this machine now.
final class EtcdPeer {

    private EtcdPeer() {}

    /// Empty when there is none to measure.
    static Optional<List<Load>> measure(Vertx vertx, Report report, Path folder, List<Integer> clients)
            throws IOException, InterruptedException {
        Optional<Path> program = Stream.of("/usr/bin/etcd", "/usr/local/bin/etcd")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            report.say("etcd is not installed: no peer measured");
            return Optional.empty();
        }
        int port = freePort();
        Process etcd = start(program.get(), port, folder);
        HttpClientAgent client = vertx.createHttpClient(
                new HttpClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port),
                new PoolOptions().setHttp1MaxSize(32));
        try {
            await(client);
            List<Load> loads = new ArrayList<>();
            for (int count : clients) {
                Load.run(count, 200, i -> put(client, i));
                Load load = Load.run(count, count == 1 ? 1_500 : 5_000, i -> put(client, i));
                loads.add(load);
                report.say("etcd, put of 1 kB: %d clients %s", count, load);
            }
            report.say("etcd: %d MB resident", Proc.rssMegabytes(etcd.pid()));
            return Optional.of(loads);
        } finally {
            etcd.destroy();
            etcd.waitFor(10, TimeUnit.SECONDS);
            client.close();
        }
    }

    private static Process start(Path program, int port, Path folder) throws IOException {
        Files.createDirectories(folder);
        String url = "http://127.0.0.1:" + port;
        return new ProcessBuilder(List.of(
                        program.toString(),
                        "--data-dir", folder.resolve("data").toString(),
                        "--listen-client-urls", url,
                        "--advertise-client-urls", url,
                        "--listen-peer-urls", "http://127.0.0.1:" + freePort()))
                .redirectOutput(folder.resolve("log").toFile())
                .redirectErrorStream(true)
                .start();
    }

    private static void await(HttpClientAgent client) throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            Future<?> answer = put(client, 0);
            while (!answer.isComplete()) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            if (answer.succeeded()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IllegalStateException("etcd does not answer");
    }

    private static Future<?> put(HttpClientAgent client, int number) {
        String key = base64("/bench/" + number);
        String body = "{\"key\":\"%s\",\"value\":\"%s\"}".formatted(key, base64("x".repeat(1_000)));
        return client.request(HttpMethod.POST, "/v3/kv/put")
                .compose(request -> request.send(Buffer.buffer(body)))
                .compose(response -> response.body()
                        .compose(bytes -> response.statusCode() == 200
                                ? Future.succeededFuture(bytes)
                                : Future.failedFuture("etcd: " + bytes)));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
