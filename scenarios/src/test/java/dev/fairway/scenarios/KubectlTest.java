package dev.fairway.scenarios;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
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

    /// One session played with one kubectl. Sessions run beside each other, as people do.
    record Playing(Path kubectl, String session) {
        @Override
        public String toString() {
            return session + " with " + kubectl.getFileName();
        }

        String namespace() {
            return session
                    + kubectl.getFileName().toString().replace("kubectl", "").replace(".", "-");
        }
    }

    static List<Playing> playings() throws IOException {
        List<String> sessions = sessions();
        return Stream.concat(Stream.of(onPath()), otherVersions().stream())
                .flatMap(kubectl -> sessions.stream()
                        .filter(session -> minor(kubectl) >= since(session))
                        .map(session -> new Playing(kubectl, session)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("playings")
    @Execution(ExecutionMode.CONCURRENT)
    void session(Playing playing) throws IOException {
        Path programs = Files.createDirectories(folder.resolve("programs" + playing.namespace()));
        Files.createSymbolicLink(programs.resolve("kubectl"), playing.kubectl());
        play(playing.session(), playing.namespace(), programs + ":" + System.getenv("PATH"));
    }

    private static List<String> sessions() throws IOException {
        try (Stream<Path> files = Files.list(SESSIONS.resolve("kubectl"))) {
            return files.map(file -> file.getFileName().toString().replace(".session", ""))
                    .sorted()
                    .toList();
        }
    }

    private static Path onPath() {
        return Path.of(
                Run.command(List.of("sh", "-c", "command -v kubectl")).ok().strip());
    }

    /// The kubectls that are installed beside the one on the PATH. A version that is not installed is not played.
    private static List<Path> otherVersions() {
        List<String> find =
                List.of("find", "/usr", "/opt", "-xdev", "-maxdepth", "6", "-name", "kubectl.1.*", "-perm", "-u+x");
        return Run.command(find).out().lines().map(Path::of).sorted().toList();
    }

    private static int minor(Path kubectl) {
        String version =
                Run.command(List.of(kubectl.toString(), "version", "--client")).ok();
        Matcher minor = Pattern.compile("v1\\.(\\d+)").matcher(version);
        if (!minor.find()) {
            throw new IllegalStateException(kubectl + " version printed no version: " + version);
        }
        return Integer.parseInt(minor.group(1));
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
