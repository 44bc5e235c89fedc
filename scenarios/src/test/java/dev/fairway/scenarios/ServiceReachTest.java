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

/// Services of every shape reached from everywhere: the sessions of `src/test/sessions/reach/`, in their order.
class ServiceReachTest {

    private static final Path SESSIONS = Cluster.HOME.resolve("scenarios/src/test/sessions");

    @TempDir
    static Path folder;

    private static Cluster cluster;

    @BeforeAll
    static void start() throws IOException {
        cluster = Cluster.started("fwtreach", 17);
        cluster.apply(Files.readString(SESSIONS.resolve("files/reach.yaml"))).ok();
        cluster.kubectl("rollout", "status", "deployment/web", "--timeout=30s").ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=30s")
                .ok();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    static List<String> sessions() throws IOException {
        try (Stream<Path> files = Files.list(SESSIONS.resolve("reach"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void session(String file) throws IOException {
        Map<String, String> environment = Map.of(
                "KUBECONFIG", cluster.kubeconfig().toString(),
                "BASH_ENV", SESSIONS.resolve("files/reach.sh").toString(),
                "CLUSTER", cluster.name(),
                "DIR", folder.toString());
        Transcript.of(Files.readString(SESSIONS.resolve("reach/" + file))).play(environment);
    }
}
