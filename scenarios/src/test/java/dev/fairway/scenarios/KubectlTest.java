package dev.fairway.scenarios;

import static org.junit.jupiter.api.Assertions.assertAll;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What people do with kubectl all day: the sessions of `src/test/sessions/kubectl/`, each in a namespace of its own,
/// with every kubectl that is installed.
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
        play(name, name, System.getenv("PATH"));
    }

    static List<Path> otherVersions() {
        List<String> find =
                List.of("find", "/usr", "/opt", "-xdev", "-maxdepth", "6", "-name", "kubectl.1.*", "-perm", "-u+x");
        return Run.command(find).out().lines().map(Path::of).sorted().toList();
    }

    /// All sessions at once, each in a namespace of its own. A version that is not installed is not played.
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("otherVersions")
    void otherVersion(Path kubectl) throws IOException {
        String version = kubectl.getFileName().toString().replace("kubectl.1.", "v1-");
        Path programs = Files.createDirectory(folder.resolve(version + "-programs"));
        Files.createSymbolicLink(programs.resolve("kubectl"), kubectl);
        int minor = Integer.parseInt(version.substring(3));
        List<String> sessions =
                sessions().stream().filter(name -> minor >= since(name)).toList();
        try (ExecutorService players = Executors.newFixedThreadPool(4)) {
            List<Future<?>> played = sessions.stream()
                    .<Future<?>>map(name -> players.submit(() -> {
                        play(name, name + "-" + version, programs + ":" + System.getenv("PATH"));
                        return name;
                    }))
                    .toList();
            assertAll(kubectl.toString(), played.stream().map(one -> one::get));
        }
    }

    /// The minor version of kubectl that knows all commands of the session, which its first line tells.
    private static int since(String session) {
        Matcher since = Pattern.compile("kubectl since 1\\.(\\d+)")
                .matcher(text(session).lines().findFirst().orElse(""));
        return since.find() ? Integer.parseInt(since.group(1)) : 0;
    }

    private static String text(String session) {
        try {
            return Files.readString(SESSIONS.resolve("kubectl/" + session + ".session"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void play(String name, String namespace, String path) throws IOException {
        cluster.kubectl("create", "namespace", namespace).ok();
        Map<String, String> environment = Map.of(
                "KUBECONFIG", kubeconfigFor(namespace).toString(),
                "PATH", path,
                "NAMESPACE", namespace,
                "FILES", SESSIONS.resolve("files").toString(),
                "DIR", Files.createDirectory(folder.resolve(namespace)).toString());
        Transcript.of(text(name)).play(environment);
        cluster.kubectl("delete", "namespace", namespace).ok();
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
