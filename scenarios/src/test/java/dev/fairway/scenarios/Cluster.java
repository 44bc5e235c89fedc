package dev.fairway.scenarios;

import dev.fairway.kernel.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A real cluster for tests: started by `./fairway up` in a state folder of its own, with addresses that no other
/// cluster on the machine uses, spoken to by the real kubectl.
final class Cluster implements AutoCloseable {

    static final Path HOME = home();

    private static final Pattern POOL = Pattern.compile("loadBalancerPools: \\[([0-9]+\\.[0-9]+\\.[0-9]+)\\.");

    private final String name;
    private final Path state;
    private final Path config;

    private Cluster(String name, Path state, Path config) {
        this.name = name;
        this.state = state;
        this.config = config;
    }

    /// @param number 1 to 200, different for clusters that run at the same time: it is part of all addresses
    static Cluster prepared(String name, int number) {
        takeLeftoverAway(name);
        return withSettings(name, settings(name, number, freePort()));
    }

    /// A cluster with the addresses that a user gets. The machine has no access to it, so that it may run beside
    /// others.
    static Cluster startedWithDefaults(String name) {
        Cluster cluster = withSettings(name, """
                name: %s
                hostAccess: false
                apiPort: %d
                """.formatted(name, freePort()));
        cluster.up().ok();
        return cluster;
    }

    /// A test run that was ended in its middle leaves its cluster behind. One whose process lives belongs to a run
    /// beside this one and is let be.
    private static void takeLeftoverAway(String name) {
        Path claim = Path.of("/run/fairway", name + ".cluster");
        if (!Files.exists(claim)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(claim, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        fairway("down", "--purge", "--state", firstLine(claim)).ok();
    }

    private static String firstLine(Path file) {
        try {
            return Files.readAllLines(file).getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Cluster withSettings(String name, String settings) {
        try {
            Path folder = Files.createTempDirectory("fwt-" + name);
            Path config = Files.writeString(folder.resolve("cluster.yaml"), settings);
            return new Cluster(name, folder.resolve("state"), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Cluster started(String name, int number) {
        Cluster cluster = prepared(name, number);
        cluster.up().ok();
        return cluster;
    }

    private static String settings(String name, int number, int port) {
        return """
                name: %1$s
                nodes:
                  - {name: node-1, zone: a, outside: [198.18.%2$d.1, "2001:db8:%2$d::1"], inside: [172.30.%2$d.1, "fd00:30:%2$d::1"], pods: [10.250.%2$d.0/26, "fd00:50:%2$d:1::/64"]}
                  - {name: node-2, zone: b, outside: [198.18.%2$d.2, "2001:db8:%2$d::2"], inside: [172.30.%2$d.2, "fd00:30:%2$d::2"], pods: [10.250.%2$d.64/26, "fd00:50:%2$d:2::/64"]}
                outside:
                  networks: [198.18.%2$d.0/24, "2001:db8:%2$d::/64"]
                  host: [198.18.%2$d.200, "2001:db8:%2$d::200"]
                  edge: [198.18.%2$d.254, "2001:db8:%2$d::254"]
                  machine: [198.18.%2$d.250, "2001:db8:%2$d::250"]
                inside: [172.30.%2$d.0/24, "fd00:30:%2$d::/64"]
                loadBalancerPools: [198.19.%2$d.0/28, "2001:db8:1%2$d::/112"]
                dns: {upstreams: [198.18.%2$d.200]}
                apiPort: %3$d
                """.formatted(name, number, port);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The repository: the nearest folder upwards that holds the launcher.
    private static Path home() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isExecutable(here.resolve("fairway"))) {
            here = here.getParent();
            if (here == null) {
                throw new IllegalStateException(
                        "not inside the repository: " + Path.of("").toAbsolutePath());
            }
        }
        return here;
    }

    String name() {
        return name;
    }

    Path state() {
        return state;
    }

    Path config() {
        return config;
    }

    /// How the addresses of its load balancers begin: three numbers.
    String pool() {
        try {
            Matcher pool = POOL.matcher(Files.readString(config));
            if (!pool.find()) {
                throw new IllegalStateException(config + " has no pool of addresses");
            }
            return pool.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path kubeconfig() {
        return state.resolve("kubeconfig");
    }

    Run.Result up() {
        return fairway("up", "--config", config.toString(), "--state", state.toString());
    }

    Run.Result down(String... options) {
        return fairway(concat(List.of("down", "--state", state.toString()), options));
    }

    static Run.Result fairway(String... arguments) {
        return fairway(List.of(arguments));
    }

    private static Run.Result fairway(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(Rehearsed.LAUNCHER));
        command.addAll(arguments);
        return Run.command(command, Map.of("FAIRWAY_NO_BUILD", "1"), "");
    }

    /// Runs a shell script in the repository as a user of this cluster would.
    Run.Result shell(String script) {
        Map<String, String> environment = Map.of(
                "FAIRWAY_NO_BUILD",
                "1",
                "FAIRWAY_STATE",
                state.toString(),
                "KUBECONFIG",
                kubeconfig().toString());
        return Run.command(List.of("bash", "-c", "cd " + HOME + "\n" + script), environment, "");
    }

    Run.Result kubectl(String... arguments) {
        return kubectl(List.of(arguments), "");
    }

    Run.Result kubectl(List<String> arguments, String input) {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(arguments);
        return Run.command(command, Map.of("KUBECONFIG", kubeconfig().toString()), input);
    }

    Run.Result apply(String yaml) {
        return kubectl(List.of("apply", "-f", "-"), yaml);
    }

    /// A value of an object: `value("svc", "web", ".spec.clusterIP")`.
    String value(String kind, String object, String path) {
        return kubectl("get", kind, object, "-o", "jsonpath={" + path + "}")
                .ok()
                .strip();
    }

    /// Runs a command in a pod by kubectl exec.
    Run.Result inPod(String pod, String... command) {
        return kubectl(concat(List.of("exec", pod, "--"), command), "");
    }

    Run.Result outside(String... command) {
        return inNamespace("outside", command);
    }

    Run.Result onNode(String node, String... command) {
        return inNamespace(node, command);
    }

    /// @param role `outside`, `edge`, or a node's name
    Run.Result inNamespace(String role, String... command) {
        return Run.command(concat(List.of("ip", "netns", "exec", name + "-" + role), command));
    }

    NetworkNamespace namespace(String role) {
        return NetworkNamespace.find(name + "-" + role).orElseThrow();
    }

    private static List<String> concat(List<String> head, String... tail) {
        return Stream.concat(head.stream(), Arrays.stream(tail)).toList();
    }

    /// Stops the cluster and removes all of it.
    @Override
    public void close() {
        down("--purge").ok();
        try (Stream<Path> tree = Files.walk(config.getParent())) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
