package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.scenarios.KubectlTest.Kubectl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Two machines run pods, each with a process of its own, and an API server on a third one serves their logs, commands
/// in them and connections to them: kubectl knows no difference.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("second lane")
class PodsElsewhereTest {

    private static final List<Integer> NODES = List.of(1, 2);

    @TempDir
    Path folder;

    private static String pods(int node) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: say-%1$d}
                spec:
                  nodeName: node-%1$d
                  containers:
                  - name: main
                    image: fairway.dev/host
                    command: [sh, -c, 'n=0; until [ -e /tmp/end ]; do n=$((n+1)); echo line $n on node-%1$d; sleep 0.1; done; exit 3']
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: echo-%1$d}
                spec:
                  nodeName: node-%1$d
                  containers: [{name: main, image: fairway.dev/echo}]
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: ear-%1$d}
                spec:
                  nodeName: node-%1$d
                  restartPolicy: Never
                  containers:
                  - name: main
                    image: fairway.dev/host
                    stdin: true
                    stdinOnce: true
                    command: [sh, -c, 'while read -r words; do echo "heard $words"; done']
                ---
                """.formatted(node);
    }

    @Test
    void kubectlReachesPodsOfOtherMachines() throws Exception {
        try (Machines machines = Machines.make(folder, Set.copyOf(NODES))) {
            machines.startServer();
            Eventually.within(
                    60, () -> machines.kubectl("", "get", "--raw", "/readyz").ok());
            machines.giveNodesAccess();
            NODES.forEach(machines::startNode);
            try {
                for (int node : NODES) {
                    podsRun(machines, node);
                    logsAreRead(machines, node);
                    commandsRun(machines, node);
                    aContainerIsJoined(machines, node);
                    portsAreForwarded(machines, node);
                    onlyTheServerIsAnswered(machines, node);
                }
                everyKubectlDoes(machines);
                aRestartedNodeIsKnownAgain(machines);
                whatIsGoneIsNamed(machines);
            } finally {
                NODES.forEach(machines::cleanUp);
            }
        }
    }

    private static void podsRun(Machines machines, int node) {
        Eventually.within(
                60,
                () -> machines.kubectl("", "wait", "--for=condition=Ready", "node/node-" + node, "--timeout=30s")
                        .ok());
        machines.kubectl(pods(node), "apply", "-f", "-").ok();
        for (String pod : List.of("say-", "echo-", "ear-")) {
            machines.kubectl("", "wait", "--for=condition=Ready", "pod/" + pod + node, "--timeout=30s")
                    .ok();
        }
    }

    private void logsAreRead(Machines machines, int node) throws Exception {
        String pod = "say-" + node;
        Eventually.within(
                10,
                () -> assertThat(machines.kubectl("", "logs", pod).ok())
                        .startsWith("line 1 on node-" + node + "\nline 2 "));
        assertThat(machines.kubectl("", "logs", pod, "-c", "nobody").err())
                .contains("container nobody is not valid for pod " + pod);

        Path followed = folder.resolve("followed-" + node);
        Process following = machines.startKubectl(Path.of("kubectl"), followed, "logs", "-f", pod);
        Eventually.within(10, () -> assertThat(Files.readString(followed)).contains("line 30 on"));
        machines.kubectl("", "exec", pod, "--", "touch", "/tmp/end").ok();
        assertThat(following.waitFor(20, TimeUnit.SECONDS)).isTrue();

        Eventually.within(
                20,
                () -> assertThat(machines.kubectl("", "logs", pod, "--previous").ok())
                        .isEqualTo(Files.readString(followed)));
        assertThat(machines.kubectl("", "logs", pod, "--previous", "--tail=2")
                        .ok()
                        .lines())
                .hasSize(2);
        Eventually.within(
                20, () -> assertThat(machines.kubectl("", "logs", pod).ok()).startsWith("line 1 on node-" + node));
    }

    private static void commandsRun(Machines machines, int node) {
        String pod = "say-" + node;
        assertThat(machines.kubectl("", "exec", pod, "--", "hostname").ok()).isEqualTo(pod + "\n");
        Run.Result failed = machines.kubectl("", "exec", pod, "--", "sh", "-c", "echo out; echo err >&2; exit 7");
        assertThat(failed.exitCode()).isEqualTo(7);
        assertThat(failed.out()).isEqualTo("out\n");
        assertThat(failed.err()).startsWith("err\n");
        assertThat(machines.kubectl("some words\n", "exec", "-i", pod, "--", "tr", "a-z", "A-Z")
                        .ok())
                .isEqualTo("SOME WORDS\n");
        assertThat(machines.kubectl("", "exec", pod, "--", "head", "-c", "3000000", "/dev/zero")
                        .ok())
                .hasSize(3_000_000);
        assertThat(machines.kubectl("", "exec", pod, "--", "no-such-program").err())
                .contains("no-such-program");
    }

    private static void aContainerIsJoined(Machines machines, int node) {
        assertThat(machines.kubectl("one\ntwo\n", "attach", "-i", "-q", "ear-" + node)
                        .ok())
                .isEqualTo("heard one\nheard two\n");
    }

    private void portsAreForwarded(Machines machines, int node) throws Exception {
        portIsForwarded(machines, Path.of("kubectl"), node, 18_080 + node);
    }

    private void portIsForwarded(Machines machines, Path program, int node, int port) throws Exception {
        Path said = folder.resolve("forward-" + port);
        Process forward = machines.startKubectl(program, said, "port-forward", "pod/echo-" + node, port + ":80");
        try {
            Eventually.within(20, () -> assertThat(Files.readString(said)).contains("Forwarding from 127.0.0.1:"));
            for (int i = 0; i < 3; i++) {
                assertThat(machines.ask("hub", "http://127.0.0.1:" + port + "/"))
                        .contains("pod=echo-" + node + "\nnode=node-" + node);
            }
        } finally {
            forward.destroy();
        }
    }

    private static void onlyTheServerIsAnswered(Machines machines, int node) {
        String there = "https://172.29.7." + node + ":10250/containerLogs/default/say-" + node + "/main";
        assertThat(machines.in("hub", "curl", "-sSk", there).ok()).contains("only API servers are answered here");
        assertThat(machines.in("node-" + node, "ss", "-Hltn", "sport = :10250")
                        .ok()
                        .lines())
                .singleElement()
                .asString()
                .containsPattern("172\\.29\\.7\\." + node + "]?:10250 ");
    }

    /// They speak different protocols.
    private void everyKubectlDoes(Machines machines) throws Exception {
        int port = 18_100;
        for (Kubectl kubectl : installed()) {
            assertThat(machines.kubectl(kubectl.program(), "words\n", "exec", "-i", "say-2", "--", "cat")
                            .ok())
                    .as("exec with %s", kubectl)
                    .isEqualTo("words\n");
            assertThat(machines.kubectl(kubectl.program(), "", "exec", "say-1", "--", "sh", "-c", "exit 4")
                            .exitCode())
                    .as("exit code with %s", kubectl)
                    .isEqualTo(4);
            portIsForwarded(machines, kubectl.program(), 1, port++);
        }
    }

    private static List<Kubectl> installed() {
        try (Stream<Kubectl> installed = Kubectl.installed()) {
            return installed.toList();
        }
    }

    /// Its certificate is another one then.
    private static void aRestartedNodeIsKnownAgain(Machines machines) throws Exception {
        machines.kill("node-1");
        machines.startNode(1);
        Eventually.within(
                60,
                () -> assertThat(machines.kubectl("", "exec", "say-1", "--", "hostname")
                                .ok())
                        .isEqualTo("say-1\n"));
    }

    private void whatIsGoneIsNamed(Machines machines) throws Exception {
        machines.kill("node-2");
        assertThat(failure(machines, "logs", "say-2"))
                .contains(
                        "pod default/say-2: node \"node-2\" cannot be asked (172.29.7.2:10250: Connection refused): does"
                                + " `fairway node` run there");
        assertThat(failure(machines, "exec", "say-2", "--", "true")).contains("172.29.7.2:10250: Connection refused");

        Path followed = folder.resolve("cut-off");
        Process following = machines.startKubectl(Path.of("kubectl"), followed, "logs", "-f", "say-1");
        Eventually.within(10, () -> assertThat(Files.readString(followed)).contains("line "));
        machines.plug(1, false);
        assertThat(failure(machines, "exec", "say-1", "--", "true"))
                .contains("node \"node-1\" cannot be asked (172.29");
        assertThat(failure(machines, "logs", "say-1")).contains("node \"node-1\" cannot be asked (172.29.7.1:10250: ");
        assertThat(following.waitFor(60, TimeUnit.SECONDS))
                .as("a stream to a machine that is gone ends")
                .isTrue();
        machines.plug(1, true);
    }

    /// It comes within some seconds.
    private static String failure(Machines machines, String... arguments) {
        long begin = System.nanoTime();
        Run.Result result = machines.kubectl("", arguments);
        assertThat(result.exitCode()).isNotZero();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        return result.err();
    }
}
