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
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Debian's etcd, written to and read through its JSON gateway: what a database alone does on this machine now.
final class EtcdPeer {

    private EtcdPeer() {}

    static void measure(Vertx vertx, Path folder) throws IOException, InterruptedException {
        Optional<Path> program = Stream.of("/usr/bin/etcd", "/usr/local/bin/etcd")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            System.out.println("etcd is not installed: no peer measured");
            return;
        }
        int port = freePort();
        Files.createDirectories(folder);
        String url = "http://127.0.0.1:" + port;
        Process etcd = new ProcessBuilder(List.of(
                        program.get().toString(),
                        "--data-dir", folder.resolve("data").toString(),
                        "--listen-client-urls", url,
                        "--advertise-client-urls", url,
                        "--listen-peer-urls", "http://127.0.0.1:" + freePort()))
                .redirectOutput(folder.resolve("log").toFile())
                .redirectErrorStream(true)
                .start();
        HttpClientAgent client = vertx.createHttpClient(
                new HttpClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port),
                new PoolOptions().setHttp1MaxSize(32));
        try {
            await(client);
            for (int clients : List.of(1, 8, 32)) {
                Load.run(clients, 200, i -> put(client, i));
                Load load = Load.run(clients, clients == 1 ? 1_500 : 5_000, i -> put(client, i));
                System.out.printf("etcd put of 1 kB, %d clients: %.0f/s, p50 %.2f ms, p99 %.2f ms%n", clients,
                        load.perSecond(), load.p50Millis(), load.p99Millis());
            }
        } finally {
            etcd.destroy();
            etcd.waitFor(10, TimeUnit.SECONDS);
            client.close();
        }
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
