package dev.fairway.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Real processes in real namespaces.
@Timeout(60)
class KernelProcessTest {

    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin", "GREETING", "hello");

    @TempDir
    Path folder = Path.of("/");

    private final NetworkNamespace network =
            NetworkNamespace.create("fwt-proc-" + ProcessHandle.current().pid());
    private final List<KernelProcess> started = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (KernelProcess process : started) {
            process.kill();
            process.exitCode().get(10, TimeUnit.SECONDS);
        }
        network.delete();
    }

    @ParameterizedTest
    @CsvSource({
        "exit 0, 0",
        "exit 7, 7",
        "no-such-command, 127",
        "kill -KILL $$, 137",
        "kill -TERM $$, 143",
        "kill -INT $$, 130",
        "kill -QUIT $$, 131",
    })
    void exitCodesAreThoseOfAShell(String script, int code) throws Exception {
        assertThat(exitCode(start(script, true))).isEqualTo(code);
        assertThat(exitCode(start(script, false))).isEqualTo(code);
        assertThat(Files.readString(exitFile()).strip()).isEqualTo(String.valueOf(code));
    }

    @Test
    void itSeesItsOwnNamespacesAndNothingElse() throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), "10.1.2.3 wonderland\n");
        Isolation isolation = new Isolation(
                network, List.of(new BindMount(hosts, Path.of("/etc/hosts"))), Optional.of("pod-1"), true);
        String host = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();

        String script =
                "cat /etc/hosts; hostname; readlink /proc/self/ns/net; cat /proc/1/cmdline | tr '\\0' ' '; env; pwd";
        exitCode(start(script, isolation, new Stdio.Logs(log(), log())));

        assertThat(Files.readString(log()))
                .contains("10.1.2.3 wonderland", "pod-1\n", "fairway-shim", "GREETING=hello", "\n/tmp\n")
                .doesNotContain(host, "JAVA_HOME");
        assertThat(Files.readString(Path.of("/etc/hosts"))).doesNotContain("wonderland");
        assertThat(Shell.run("hostname")).doesNotContain("pod-1");
    }

    @Test
    void itsNamespaceListsIt() throws Exception {
        KernelProcess process = start("sleep 60", true);
        assertThat(network.processes()).contains(process.identity());
        assertThat(NetworkNamespace.host().processes())
                .contains(ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow())
                .doesNotContain(process.identity());
        process.kill();
        exitCode(process);
        assertThat(network.processes()).isEmpty();
    }

    @Test
    void nothingOfItsMountsShowsOnTheHost() throws Exception {
        String before = Files.readString(Path.of("/proc/self/mountinfo"));
        Path hosts = Files.writeString(folder.resolve("hosts"), "");
        KernelProcess process = start(
                "sleep 60",
                new Isolation(network, List.of(new BindMount(hosts, Path.of("/etc/hosts"))), Optional.of("x"), true),
                new Stdio.Logs(log(), log()));
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).isEqualTo(before);
        process.kill();
        assertThat(exitCode(process)).isEqualTo(137);
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void termReachesTheCommandWhichMayTakeItsTime(boolean ownPids) throws Exception {
        KernelProcess process =
                start("trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done", ownPids);
        awaitLog("ready");

        process.terminate();

        assertThat(exitCode(process)).isEqualTo(3);
        assertThat(Files.readString(log())).contains("bye");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void killEndsAllThatItStarted(boolean ownPids) throws Exception {
        KernelProcess process = start("trap '' TERM; sleep 987 & sleep 987 & echo ready; wait", ownPids);
        awaitLog("ready");
        process.terminate();
        assertThat(process.isAlive()).isTrue();

        process.kill();

        assertThat(exitCode(process)).isEqualTo(137);
        assertThat(process.isAlive()).isFalse();
        assertThat(Files.exists(
                        Path.of("/proc", String.valueOf(process.identity().pid()))))
                .as("a zombie")
                .isFalse();
        assertThat(Shell.run("sh", "-c", "ps -eo args | grep -c '[s]leep 987' || true")
                        .strip())
                .isEqualTo("0");
    }

    @Test
    void orphansInItsPidNamespaceAreReaped() throws Exception {
        KernelProcess process = start("(sleep 0.01 & exec sleep 0.02) & sleep 0.3; ps -eo stat; echo done", true);
        assertThat(exitCode(process)).isZero();
        assertThat(Files.readString(log())).contains("done").doesNotContain("Z");
    }

    @Test
    void whatCannotStartSaysWhy() {
        assertThatThrownBy(() -> startCommand(List.of("no-such-program")))
                .hasMessage(
                        "start no-such-program: ENOENT" + " (no executable file of that name in PATH /usr/bin:/bin)");
        assertThatThrownBy(() -> startCommand(List.of("/no/such/program")))
                .hasMessage("start /no/such/program: ENOENT (no such file)");
        assertThatThrownBy(() -> startCommand(List.of("/etc/hosts.allow.none/x")))
                .hasMessageContaining("ENOENT");
        assertThatThrownBy(() -> startCommand(List.of("/etc")))
                .hasMessage("start /etc: EACCES (not an executable file)");
        BindMount nowhere = new BindMount(Path.of("/no/such/source"), Path.of("/etc/hosts"));
        assertThatThrownBy(() -> start(
                        "true",
                        new Isolation(network, List.of(nowhere), Optional.empty(), true),
                        new Stdio.Logs(log(), log())))
                .hasMessage("mount /no/such/source on /etc/hosts: ENOENT");
    }

    @Test
    void pipesCarryInputAndOutput() throws Exception {
        KernelProcess process = join(
                new JoinSpec.Place.Apart(Isolation.of(network)), "cat; echo problem >&2; exit 4", new Stdio.Pipes());
        process.input().write("first\n".getBytes(StandardCharsets.UTF_8));
        process.input().write("x".repeat(1_000_000).getBytes(StandardCharsets.UTF_8));
        process.input().close();

        assertThat(new String(process.output().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("first\nxxx")
                .hasSize(1_000_006);
        assertThat(new String(process.error().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("problem\n");
        assertThat(exitCode(process)).isEqualTo(4);
    }

    @Test
    void aJoiningProcessSeesThePodAsItsProcessesDo() throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), "10.1.2.3 wonderland\n");
        KernelProcess pod = start(
                "echo ready; sleep 321",
                new Isolation(
                        network, List.of(new BindMount(hosts, Path.of("/etc/hosts"))), Optional.of("pod-1"), true),
                new Stdio.Logs(log(), log()));
        awaitLog("ready");

        KernelProcess joined = join(
                new JoinSpec.Place.Beside(pod.identity()), "cat /etc/hosts; hostname; ps -eo args", new Stdio.Pipes());

        String seen = new String(joined.output().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(seen).contains("wonderland", "pod-1", "sleep 321").doesNotContain("java");
        assertThat(exitCode(joined)).isZero();

        pod.kill();
        exitCode(pod);
        assertThatThrownBy(() -> join(new JoinSpec.Place.Beside(pod.identity()), "true", new Stdio.Pipes()))
                .isInstanceOfSatisfying(
                        KernelException.class,
                        e -> assertThat(e.is(Errno.ESRCH)).isTrue());
    }

    @Test
    void aTerminalHasItsSizeAndControlsTheProcess() throws Exception {
        KernelProcess process = join(
                new JoinSpec.Place.Apart(Isolation.of(network)),
                "stty size; tty; trap 'stty size; exit 5' WINCH; echo ready; while :; do sleep 0.05; done",
                new Stdio.Terminal(33, 111));
        Pty pty = process.terminal().orElseThrow();
        assertThat(readUntil(process, "ready\r\n")).contains("33 111", pty.path());

        pty.resize(44, 122);

        assertThat(readUntil(process, "\n")).contains("44 122");
        assertThat(exitCode(process)).isEqualTo(5);
        assertThat(process.output().read()).as("end").isEqualTo(-1);
    }

    @Test
    void controlCOnATerminalInterrupts() throws Exception {
        KernelProcess process =
                join(new JoinSpec.Place.Apart(Isolation.of(network)), "exec cat", new Stdio.Terminal(24, 80));
        process.input().write("hello\n".getBytes(StandardCharsets.UTF_8));
        assertThat(readUntil(process, "hello\r\nhello"))
                .as("the terminal's echo, then cat's")
                .isNotEmpty();
        process.input().write(3);
        assertThat(exitCode(process)).isEqualTo(130);
    }

    @Test
    void noDescriptorOfTheJvmIsInherited() throws Exception {
        KernelProcess process =
                join(new JoinSpec.Place.Apart(Isolation.of(network)), "ls /proc/$$/fd; true", new Stdio.Pipes());
        assertThat(new String(process.output().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("0\n1\n2\n");
    }

    @Test
    void manyProcessesLeaveNeitherThreadsNorDescriptors() throws Exception {
        long before = descriptors();
        for (int i = 0; i < 30; i++) {
            KernelProcess process = join(new JoinSpec.Place.Apart(Isolation.of(network)), "echo x", new Stdio.Pipes());
            process.input().close();
            process.output().readAllBytes();
            process.error().readAllBytes();
            exitCode(process);
        }
        for (int i = 0; i < 100 && (descriptors() > before + 3 || pumps() > 0); i++) {
            Thread.sleep(50);
        }
        assertThat(descriptors()).isLessThanOrEqualTo(before + 3);
        assertThat(pumps()).isZero();
    }

    private static long descriptors() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    private static long pumps() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("process-"))
                .count();
    }

    private KernelProcess start(String script, boolean ownPids) {
        return start(
                script, new Isolation(network, List.of(), Optional.empty(), ownPids), new Stdio.Logs(log(), log()));
    }

    private KernelProcess start(String script, Isolation isolation, Stdio stdio) {
        KernelProcess process = KernelProcess.start(new ProcessSpec(
                List.of("sh", "-c", script),
                ENVIRONMENT,
                Path.of("/tmp"),
                isolation,
                Credentials.ROOT,
                stdio,
                exitFile()));
        started.add(process);
        return process;
    }

    private void startCommand(List<String> command) {
        KernelProcess.start(new ProcessSpec(
                command,
                ENVIRONMENT,
                Path.of("/tmp"),
                Isolation.of(network),
                Credentials.ROOT,
                new Stdio.Logs(log(), log()),
                exitFile()));
    }

    private KernelProcess join(JoinSpec.Place place, String script, Stdio stdio) {
        KernelProcess process = KernelProcess.join(new JoinSpec(
                place, List.of("sh", "-c", script), ENVIRONMENT, Path.of("/tmp"), Credentials.ROOT, stdio));
        started.add(process);
        return process;
    }

    private static int exitCode(KernelProcess process) throws Exception {
        return process.exitCode().get(20, TimeUnit.SECONDS);
    }

    private static String readUntil(KernelProcess process, String wanted) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(wanted) < 0) {
            int next = process.output().read();
            if (next < 0) {
                throw new IllegalStateException("the process ended after: " + text);
            }
            text.append((char) next);
        }
        return text.toString();
    }

    private void awaitLog(String wanted) throws Exception {
        for (int i = 0; i < 1000; i++) {
            if (Files.exists(log()) && Files.readString(log()).contains(wanted)) {
                return;
            }
            Thread.sleep(10);
        }
        throw new IllegalStateException("\"" + wanted + "\" never appeared in the log");
    }

    private Path log() {
        return folder.resolve("log");
    }

    private Path exitFile() {
        return folder.resolve("exit");
    }
}
