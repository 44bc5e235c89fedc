package dev.fairway.scenarios;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What people do with kubectl all day: the sessions of `src/test/sessions/kubectl/`, each in a namespace of its own.
class KubectlTest {

    private static final Path SESSIONS = Cluster.HOME.resolve("scenarios/src/test/sessions");

    @TempDir
    static Path folder;

    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.started("fwtkubectl", 16);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    static List<String> sessions() throws IOException {
        try (Stream<Path> files = Files.list(SESSIONS.resolve("kubectl"))) {
            return files.map(file -> file.getFileName().toString().replace(".session", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void session(String name) throws IOException {
        cluster.kubectl("create", "namespace", name).ok();
        Map<String, String> environment = Map.of(
                "KUBECONFIG", kubeconfigFor(name).toString(),
                "FILES", SESSIONS.resolve("files").toString(),
                "DIR", folder.toString());
        Transcript.of(Files.readString(SESSIONS.resolve("kubectl/" + name + ".session")))
                .play(environment);
    }

    private static Path kubeconfigFor(String namespace) throws IOException {
        Path config = folder.resolve(namespace + ".kubeconfig");
        Files.copy(cluster.kubeconfig(), config);
        Run.command(
                        List.of("kubectl", "config", "set-context", "--current", "--namespace", namespace),
                        Map.of("KUBECONFIG", config.toString()),
                        "")
                .ok();
        return config;
    }
}
