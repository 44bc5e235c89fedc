package dev.fairway.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Signal;
import dev.fairway.kernel.Signals;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.client.PodAccess.ExecOptions;
import dev.fairway.schema.client.PodAccess.LogOptions;
import dev.fairway.schema.client.PodAccess.PodRef;
import dev.fairway.schema.memory.MemoryApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// The agent's whole JVM is killed. Its pods' processes go on, and the next agent takes them over, even while the API
/// is away.
class KilledAgentTest {

    private static final PodRef MAIN = new PodRef("default", "main", "", "");
    private static final String ECHO = "{'containers':[{'name':'web','image':'fairway.dev/echo'}]}";

    @TempDir
    Path state;

    /// The agent that gets killed: runs two pods, tells where they are, and waits.
    static final class Victim {
        public static void main(String[] args) throws Exception {
            PodWorld world = new PodWorld(Path.of(args[0]));
            world.create("echo", ECHO);
            world.create("main", """
                    {'containers':[{'name':'main','image':'fairway.dev/host',
                     'command':['sh','-c','n=0; while :; do n=$((n+1)); echo tick $n; sleep 0.1; done']}]}""");
            ObjectNode echo = world.awaitRunning("echo");
            world.awaitRunning("main");
            System.out.println(world.cluster + " " + PodWorld.ips(echo).getFirst());
            Thread.sleep(60_000);
        }
    }

    @Test
    void nextAgentTakesPodsOverWithoutTheApiAndEndsThemWhenItSaysSo() throws Exception {
        String[] words = startAndKillTheAgent();
        String cluster = words[0];
        NetworkNamespace node = NetworkNamespace.find(cluster + "-node-1").orElseThrow();
        MemoryApi api = new MemoryApi();
        api.refuse(call -> Optional.of(new ApiException(503, "ServiceUnavailable", "the API is away")));
        try (PodRuntime runtime =
                PodRuntime.start(PodWorld.settings(cluster, node, state), api, Clock.systemUTC(), List::of)) {
            awaitEcho(node, words[1]);
            assertThat(exec(runtime))
                    .as("process 1 of the pod is the one of before")
                    .contains("fairway-shim");
            long ticks = ticks(runtime);
            for (int i = 0; i < 200 && ticks(runtime) == ticks; i++) {
                PodWorld.sleep();
            }
            assertThat(ticks(runtime)).as("the process goes on").isGreaterThan(ticks);

            api.refuse(_ -> Optional.empty());
            awaitNoPods(cluster);
        } finally {
            NetworkNamespace.list().stream()
                    .filter(name -> name.startsWith(cluster))
                    .forEach(name -> NetworkNamespace.find(name).ifPresent(NetworkNamespace::delete));
        }
    }

    private String[] startAndKillTheAgent() throws Exception {
        String path = System.getProperty("jdk.module.path", "") + ":" + System.getProperty("java.class.path", "");
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        Path.of("target", "test-classes") + ":" + Path.of("target", "classes") + ":" + path,
                        Victim.class.getName(),
                        state.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var output = jvm.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith("fwt-")) {
                    return line.split(" ");
                }
            }
            throw new AssertionError("the agent did not get its pods running");
        } finally {
            Signals.kill(jvm.pid(), Signal.KILL);
            jvm.waitFor();
        }
    }

    private static void awaitEcho(NetworkNamespace node, String ip) throws IOException {
        for (int i = 0; i < 200; i++) {
            try {
                assertThat(PodWorld.get(node, ip, 80)).contains("pod=echo\n");
                return;
            } catch (IOException notYet) {
                PodWorld.sleep();
            }
        }
        assertThat(PodWorld.get(node, ip, 80)).contains("pod=echo\n");
    }

    private static String exec(PodRuntime runtime) throws Exception {
        ExecOptions options =
                new ExecOptions(List.of("sh", "-c", "tr '\\0' ' ' < /proc/1/cmdline"), false, true, true, false);
        try (var session = runtime.access().exec(MAIN, options)) {
            return new String(session.output().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static long ticks(PodRuntime runtime) throws IOException {
        try (var log = runtime.access().logs(MAIN, new LogOptions(false, -1, -1, -1, false, false))) {
            return new String(log.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .count();
        }
    }

    private static void awaitNoPods(String cluster) {
        for (int i = 0; i < 500; i++) {
            if (NetworkNamespace.list().stream().noneMatch(name -> name.startsWith(cluster + "-pod-"))) {
                return;
            }
            PodWorld.sleep();
        }
        throw new AssertionError("pods of a cluster that has none are still there");
    }
}
