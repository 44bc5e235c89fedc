package dev.fairway.scenarios;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
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

    record Kubectl(Path program, int minor) {

        static Kubectl of(Path program) {
            List<String> command = List.of(program.toString(), "version", "--client", "-o", "json");
            String minor = Tree.text(Json.parse(Run.command(command).ok()), "clientVersion", "minor");
            return new Kubectl(program, Integer.parseInt(minor.replace("+", "")));
        }

        static Kubectl onPath() {
            return of(Path.of(
                    Run.command(List.of("sh", "-c", "command -v kubectl")).ok().strip()));
        }

        static Stream<Kubectl> installed() {
            List<String> find =
                    List.of("find", "/usr", "/opt", "-xdev", "-maxdepth", "6", "-name", "kubectl.1.*", "-perm", "-u+x");
            return Run.command(find).out().lines().map(Path::of).map(Kubectl::of);
        }
    }

    /// One session with one kubectl, in a namespace of its own.
    ///
    /// @param nodePort nobody else's; from the band that is left for ports asked for by number
    record Playing(Kubectl kubectl, String session, int nodePort) {

        /// @param place among all
        Playing numbered(int place) {
            return new Playing(kubectl, session, 30010 + place % 70);
        }

        @Override
        public String toString() {
            return session + " with " + kubectl.program().getFileName();
        }

        String namespace() {
            return session
                    + kubectl.program()
                            .getFileName()
                            .toString()
                            .replace("kubectl", "")
                            .replace(".", "-");
        }
    }

    /// The kubectl on the PATH and the oldest one play everything. The others play the sessions that ask for every
    /// kubectl, because they touch what changed over time: protobuf bodies, WebSockets, patches. With
    /// `FAIRWAY_EVERY_KUBECTL` set, all play all. A version that is not installed is not played.
    static List<Playing> playings() throws IOException {
        List<Kubectl> others = Kubectl.installed()
                .sorted(Comparator.comparingInt(Kubectl::minor))
                .toList();
        List<Playing> out = new ArrayList<>(playings(Kubectl.onPath(), _ -> true));
        for (Kubectl other : others) {
            boolean all = other.equals(others.getFirst()) || System.getenv("FAIRWAY_EVERY_KUBECTL") != null;
            out.addAll(playings(other, session -> all || firstLine(session).endsWith("every kubectl")));
        }
        return IntStream.range(0, out.size())
                .mapToObj(place -> out.get(place).numbered(place))
                .toList();
    }

    private static List<Playing> playings(Kubectl kubectl, Predicate<String> chosen) throws IOException {
        return sessions().stream()
                .filter(session -> kubectl.minor() >= since(session))
                .filter(chosen)
                .map(session -> new Playing(kubectl, session, 0))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("playings")
    @Execution(ExecutionMode.CONCURRENT)
    void session(Playing playing) throws IOException {
        Path programs = Files.createDirectories(folder.resolve("programs-" + playing.namespace()));
        Files.createSymbolicLink(programs.resolve("kubectl"), playing.kubectl().program());
        play(playing, programs + ":" + System.getenv("PATH"));
    }

    private static List<String> sessions() throws IOException {
        try (Stream<Path> files = Files.list(SESSIONS.resolve("kubectl"))) {
            return files.map(file -> file.getFileName().toString().replace(".session", ""))
                    .sorted()
                    .toList();
        }
    }

    /// The minor version of kubectl that knows all commands of the session, which its first line tells.
    private static int since(String session) {
        Matcher since = Pattern.compile("kubectl since 1\\.(\\d+)").matcher(firstLine(session));
        return since.find() ? Integer.parseInt(since.group(1)) : 0;
    }

    private static String firstLine(String session) {
        return text(session).lines().findFirst().orElse("");
    }

    private static String text(String session) {
        try {
            return Files.readString(SESSIONS.resolve("kubectl/" + session + ".session"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void play(Playing playing, String path) throws IOException {
        String namespace = playing.namespace();
        cluster.kubectl("create", "namespace", namespace).ok();
        Map<String, String> environment = Map.of(
                "KUBECONFIG",
                kubeconfigFor(namespace).toString(),
                "PATH",
                path,
                "NAMESPACE",
                namespace,
                "NODE_PORT",
                "" + playing.nodePort(),
                "FILES",
                SESSIONS.resolve("files").toString(),
                "DIR",
                Files.createDirectory(folder.resolve(namespace)).toString());
        Transcript.of(text(playing.session())).play(environment);
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
