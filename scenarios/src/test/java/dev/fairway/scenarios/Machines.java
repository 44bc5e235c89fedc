package dev.fairway.scenarios;

import com.sun.net.httpserver.HttpServer;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Machines of their own, made of namespaces: `hub`, where an API server can run, and `node-1` to `node-3` with a pod
/// each, joined by a bridge. Every pod answers HTTP on port 8080 with its node's name.
///
/// | place  | address                              |
/// |--------|--------------------------------------|
/// | hub    | 172.29.7.254                         |
/// | node-N | 172.29.7.N                           |
/// | pod-N  | 10.249.N.2, behind 10.249.N.1 on N   |
///
/// Some of them are whole nodes, whose own pods get addresses from 10.248.N.0/24.
final class Machines implements AutoCloseable {

    static final String HUB = "172.29.7.254";
    static final int COUNT = 3;

    static final int SERVER_PORT = 6443;

    private static final AtomicInteger MADE = new AtomicInteger();

    private final String prefix = "fwt-m" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet() + "-";
    private final Path folder;
    private final Set<Integer> whole;
    private final Map<String, NetworkNamespace> places = new LinkedHashMap<>();
    private final List<HttpServer> servers = new ArrayList<>();
    private final Map<String, Process> processes = new LinkedHashMap<>();

    private Machines(Path folder, Set<Integer> whole) {
        this.folder = folder;
        this.whole = whole;
    }

    /// @param whole which of the nodes run pods
    static Machines make(Path folder, Set<Integer> whole) throws IOException {
        Machines machines = new Machines(folder, whole);
        try {
            machines.build();
            return machines;
        } catch (IOException | RuntimeException | Error halfMade) {
            machines.close();
            throw halfMade;
        }
    }

    private void build() throws IOException {
        place("hub");
        ip("""
                -n @hub link add hub type bridge
                -n @hub link set hub up
                -n @hub addr add %s/24 dev hub
                """.formatted(HUB));
        for (int number = 1; number <= COUNT; number++) {
            node(number);
        }
        for (int number = 1; number <= COUNT; number++) {
            for (int other : whole) {
                if (other != number) {
                    ip("-n @node-%1$d route add 10.248.%2$d.0/24 via 172.29.7.%2$d".formatted(number, other));
                }
            }
            for (int other = 1; other <= COUNT; other++) {
                if (other != number) {
                    ip("-n @node-%1$d route add 10.249.%2$d.0/24 via 172.29.7.%2$d".formatted(number, other));
                }
            }
        }
    }

    private void place(String name) {
        places.put(name, NetworkNamespace.create(prefix + name));
        ip("-n @" + name + " link set lo up");
    }

    private void node(int number) throws IOException {
        place("node-" + number);
        place("pod-" + number);
        ip("""
                -n @hub link add to-%1$d type veth peer name eth0 netns @node-%1$d
                -n @hub link set to-%1$d master hub up
                -n @node-%1$d link set eth0 up
                -n @node-%1$d addr add 172.29.7.%1$d/24 dev eth0
                -n @node-%1$d route add default via 172.29.7.254
                -n @node-%1$d link add to-pod type veth peer name eth0 netns @pod-%1$d
                -n @node-%1$d link set to-pod up
                -n @node-%1$d addr add 10.249.%1$d.1/24 dev to-pod
                -n @pod-%1$d link set eth0 up
                -n @pod-%1$d addr add 10.249.%1$d.2/24 dev eth0
                -n @pod-%1$d route add default via 10.249.%1$d.1
                """.formatted(number));
        in("node-" + number, "sysctl", "-q", "-w", "net.ipv4.ip_forward=1").ok();
        HttpServer server = namespace("pod-" + number).call(() -> HttpServer.create(new InetSocketAddress(8080), 64));
        byte[] body = ("node-" + number + "\n").getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        servers.add(server);
    }

    private void ip(String script) {
        script.strip()
                .lines()
                .map(line -> line.replace("@", prefix).split(" +"))
                .forEach(words -> Run.command(Stream.concat(Stream.of("ip"), Arrays.stream(words))
                                .toList())
                        .ok());
    }

    private NetworkNamespace namespace(String place) {
        return Objects.requireNonNull(places.get(place), place);
    }

    /// Runs a command on a machine.
    Run.Result in(String place, String... command) {
        return Run.command(Stream.concat(Stream.of("ip", "netns", "exec", prefix + place), Arrays.stream(command))
                .toList());
    }

    /// What answers there: `node-1`, or curl's words when nobody does.
    String ask(String place, String url) {
        Run.Result result = in(place, "curl", "-sS", "-m", "2", url);
        return (result.succeeded() ? result.out() : result.err()).strip();
    }

    /// Who answers some connections.
    List<String> askOften(String place, String url) {
        return Stream.generate(() -> ask(place, url))
                .limit(12)
                .distinct()
                .sorted()
                .toList();
    }

    Run.Result kubectl(String input, String... arguments) {
        return kubectl(Path.of("kubectl"), input, arguments);
    }

    /// With another program than that on the path.
    Run.Result kubectl(Path program, String input, String... arguments) {
        return Run.command(
                onHub(program, arguments), Map.of("KUBECONFIG", kubeconfig().toString()), input);
    }

    /// One that goes on while the test does.
    ///
    /// @param output where it writes, errors too
    Process startKubectl(Path program, Path output, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(onHub(program, arguments))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("KUBECONFIG", kubeconfig().toString());
        return builder.start();
    }

    private List<String> onHub(Path program, String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", prefix + "hub", program.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    Path kubeconfig() {
        return folder.resolve("server").resolve("kubeconfig");
    }

    /// Makes the kubeconfig of the nodes: it has the rights of the example's manifests and no others.
    void giveNodesAccess() throws IOException {
        Path manifests = Cluster.HOME.resolve("examples").resolve("kubernetes");
        for (String manifest : List.of("node.yaml", "node-pods.yaml")) {
            kubectl("", "apply", "-f", manifests.resolve(manifest).toString()).ok();
        }
        String token = kubectl("", "create", "token", "fairway-node", "--namespace", "kube-system")
                .ok()
                .strip();
        Files.copy(kubeconfig(), nodeKubeconfig());
        String file = "--kubeconfig=" + nodeKubeconfig();
        String user = kubectl("", "config", "view", file, "-o", "jsonpath={.users[0].name}")
                .ok();
        kubectl("", "config", "delete-user", user, file).ok();
        kubectl("", "config", "set-credentials", user, "--token=" + token, file).ok();
        String whoami = kubectl("", "auth", "whoami", file, "-o", "jsonpath={.status.userInfo.username}")
                .ok();
        if (!whoami.equals("system:serviceaccount:kube-system:fairway-node")) {
            throw new AssertionError("nodes would be " + whoami);
        }
    }

    private Path nodeKubeconfig() {
        return folder.resolve("node-kubeconfig");
    }

    void startServer() {
        start("hub", "server", "--listen", HUB, "--port", Integer.toString(SERVER_PORT), "--state", folder + "/server");
    }

    /// `fairway node` on that machine.
    void startNode(int number) {
        start("node-" + number, nodeOptions(number));
    }

    /// Ends `fairway node` on that machine and takes away what it leaves.
    void cleanUp(int number) {
        String place = "node-" + number;
        Optional.ofNullable(processes.remove(place))
                .ifPresent(process -> process.destroyForcibly().onExit().join());
        List<String> command = new ArrayList<>(List.of("env", "FAIRWAY_NO_BUILD=1", Rehearsed.LAUNCHER));
        command.addAll(List.of(nodeOptions(number)));
        command.add("--cleanup");
        in(place, command.toArray(String[]::new)).ok();
    }

    /// The machine loses its cable, or gets it back.
    void plug(int number, boolean in) {
        ip("-n @hub link set to-" + number + (in ? " up" : " down"));
    }

    private String[] nodeOptions(int number) {
        List<String> options = new ArrayList<>(List.of(
                "node",
                "--kubeconfig",
                nodeKubeconfig().toString(),
                "--node-name",
                "node-" + number,
                "--cluster-cidr",
                "10.248.0.0/15",
                "--dns",
                "169.254.20.10",
                "--state",
                folder + "/node-" + number));
        if (whole.contains(number)) {
            options.addAll(List.of("--pods", "10.248." + number + ".0/24", "--node-ip", "172.29.7." + number));
        }
        return options.toArray(String[]::new);
    }

    /// The objects of a collection as `fairway node` on that machine has saved them last.
    String lastKnown(int number, String plural) {
        Path saved = folder.resolve("node-" + number, "nodes", "node-" + number, "last-known");
        Map<String, String> objects = new TreeMap<>();
        try (Stream<Path> files = Files.list(saved)) {
            for (Path file : files.filter(it -> it.getFileName().toString().startsWith(plural)
                            && it.toString().endsWith(".lines"))
                    .toList()) {
                for (String line : Files.readAllLines(file)) {
                    switch (line.charAt(0)) {
                        case '+' ->
                            objects.put(Meta.key(Json.parse(line.substring(1))).toString(), line);
                        case '-' -> objects.remove(line.substring(1));
                        default -> {}
                    }
                }
            }
            return String.join("\n", objects.values());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void start(String place, String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", prefix + place, Rehearsed.LAUNCHER));
        command.addAll(List.of(arguments));
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log(place).toFile()));
            builder.environment().put("FAIRWAY_NO_BUILD", "1");
            processes.put(place, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log(String place) {
        return folder.resolve(place + ".log");
    }

    /// What the process on the machine has said so far.
    String said(String place) throws IOException {
        return Files.exists(log(place)) ? Files.readString(log(place)) : "";
    }

    /// Asks the process on the machine to end, and waits until it has.
    void stop(String place) throws InterruptedException {
        Process process = Objects.requireNonNull(processes.remove(place), place);
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("the process on " + place + " does not end");
        }
    }

    /// Ends it as a crash would.
    void kill(String place) throws InterruptedException {
        Objects.requireNonNull(processes.remove(place), place).destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        processes.values().forEach(process -> process.destroyForcibly().onExit().join());
        servers.forEach(server -> server.stop(0));
        places.values().forEach(NetworkNamespace::delete);
    }
}
