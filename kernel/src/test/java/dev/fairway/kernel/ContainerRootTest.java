package dev.fairway.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
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

/// Real processes in roots of their own.
@Timeout(60)
class ContainerRootTest {

    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin");
    private static final Path MACHINE = Path.of("/");

    @TempDir
    Path folder = Path.of("/");

    private final NetworkNamespace network =
            NetworkNamespace.create("fwt-root-" + ProcessHandle.current().pid());
    private final List<KernelProcess> started = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (KernelProcess process : started) {
            process.kill();
            process.exitCode().get(10, TimeUnit.SECONDS);
        }
        network.delete();
    }

    @Test
    void placesForMountsAreMadeAndTheMachineStaysAsItIs() throws Exception {
        Path volume = Files.createDirectories(folder.resolve("volume"));
        Path file = Files.writeString(folder.resolve("file"), "from outside\n");
        ContainerRoot root = root(
                MACHINE,
                false,
                new BindMount(file, Path.of("/etc/no-such-folder/deep/file"), true),
                new BindMount(volume, Path.of("/no-such-place")),
                new BindMount(file, Path.of("/no-such-place/inner")));
        String before = Files.readString(Path.of("/proc/self/mountinfo"));

        String seen = run(root, """
            cat /etc/no-such-folder/deep/file /no-such-place/inner
            echo x 2> /dev/null > /etc/no-such-folder/deep/file || echo read-only
            echo changed > /etc/hostname; cat /etc/hostname; echo kept > /no-such-place/kept
            touch /run/mine; ls /run; cat /proc/1/cmdline | tr '\\0' ' '; test -c /dev/null && echo device
            pwd\
            """);

        assertThat(seen)
                .contains("from outside\nfrom outside\nread-only\nchanged\nlock\nmine\n", "fairway-shim", "device")
                .endsWith("/made/for/it\n");
        assertThat(Path.of("/no-such-place")).doesNotExist();
        assertThat(Path.of("/etc/no-such-folder")).doesNotExist();
        assertThat(Path.of("/run/mine")).doesNotExist();
        assertThat(volume.resolve("kept")).hasContent("kept\n");
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).isEqualTo(before);
    }

    @Test
    void anUnpackedImageIsAllThereIs() throws Exception {
        Path image = Files.createDirectories(folder.resolve("image"));
        for (String name : List.of("bin", "lib", "lib64", "usr/bin", "usr/lib", "usr/lib64")) {
            Files.createDirectories(image.resolve(name));
        }
        Files.writeString(image.resolve("marker"), "image\n");
        List<BindMount> system = new ArrayList<>();
        for (String name : List.of("/usr", "/bin", "/lib", "/lib64")) {
            system.add(new BindMount(Path.of(name).toRealPath(), Path.of(name), true));
        }

        String seen =
                run(root(image, false, system.toArray(BindMount[]::new)), "ls / | tr '\\n' ' '; echo x > /marker");

        assertThat(seen).isEqualTo("bin dev lib lib64 made marker proc sys usr ");
        assertThat(image.resolve("marker")).hasContent("image\n");
        assertThat(image.resolve("made")).doesNotExist();
    }

    @Test
    void readOnlyRootKeepsItsVolumesWritable() throws Exception {
        Path volume = Files.createDirectories(folder.resolve("volume"));
        String seen = run(
                root(MACHINE, true, new BindMount(volume, Path.of("/data"))),
                "echo > /data/x && echo yes; (echo > /etc/x) 2> /dev/null || echo no; touch /dev/shm/x && echo yes");
        assertThat(seen).isEqualTo("yes\nno\nyes\n");
    }

    @Test
    void itRunsAsWhomItIsTold() throws Exception {
        Credentials nobody = new Credentials(65534, 65534, List.of(2000L, 3000L), Optional.empty(), true);
        KernelProcess process =
                start(root(MACHINE, false), "id -u; id -g; id -G; grep NoNewPrivs /proc/self/status", nobody, logs());
        assertThat(process.exitCode().get(20, TimeUnit.SECONDS)).isZero();
        assertThat(log()).isEqualTo("65534\n65534\n65534 2000 3000\nNoNewPrivs:\t1\n");
    }

    @Test
    void missingProgramIsRefusedAtTheStart() {
        assertThatThrownBy(() -> KernelProcess.start(
                        spec(root(MACHINE, false), List.of("no-such-program"), Credentials.ROOT, logs())))
                .hasMessageContaining("start no-such-program: ENOENT");
    }

    @Test
    void aJoiningProcessSharesTheRoot() throws Exception {
        ContainerRoot root = root(MACHINE, false);
        KernelProcess pod = start(root, "echo own > /own; echo ready; sleep 321", Credentials.ROOT, logs());
        await("ready");
        KernelProcess joined = KernelProcess.join(new JoinSpec(
                new JoinSpec.Place.Beside(pod.identity(), Optional.of(root.path())),
                List.of("sh", "-c", "cat /own; pwd; ps -eo args"),
                ENVIRONMENT,
                Path.of("/tmp"),
                Credentials.ROOT,
                new Stdio.Pipes()));
        started.add(joined);
        assertThat(new String(joined.output().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("own\n/tmp\n")
                .contains("sleep 321")
                .doesNotContain("java");
    }

    @Test
    void inputComesThroughAPipeAndEndsWhenItIsSaid() throws Exception {
        Stdio.Attachable stdio = new Stdio.Attachable(folder.resolve("stdin"), folder.resolve("log"), false);
        KernelProcess process = start(root(MACHINE, false), "cat; echo end", Credentials.ROOT, stdio);
        try (OutputStream input = Files.newOutputStream(stdio.input())) {
            input.write("first\n".getBytes(StandardCharsets.UTF_8));
        }
        await("first");
        try (OutputStream input = Files.newOutputStream(stdio.input())) {
            input.write("second\n".getBytes(StandardCharsets.UTF_8));
        }
        KernelProcess.endInput(process.identity(), stdio.input());
        assertThat(process.exitCode().get(20, TimeUnit.SECONDS)).isZero();
        assertThat(log()).isEqualTo("first\nsecond\nend\n");
    }

    @ParameterizedTest
    @CsvSource({"exit 5, 5", "kill -TERM $$, 143"})
    void terminalOutlivesNobodyAndTellsTheCode(String last, int code) throws Exception {
        Stdio.Attachable stdio = new Stdio.Attachable(folder.resolve("stdin"), folder.resolve("log"), true);
        String script = "echo \"it's $(tty)\"; read x; stty size; " + last;
        KernelProcess process = start(root(MACHINE, false), script, Credentials.ROOT, stdio);
        await("it's /dev/pts/");
        Pty.resize(process.identity(), 33, 111);
        try (OutputStream input = Files.newOutputStream(stdio.input())) {
            input.write("go\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(process.exitCode().get(20, TimeUnit.SECONDS)).isEqualTo(code);
        assertThat(log()).contains("go\r\n33 111\r\n");
    }

    @Test
    void terminalHandsTermOn() throws Exception {
        Stdio.Attachable stdio = new Stdio.Attachable(folder.resolve("stdin"), folder.resolve("log"), true);
        String script = "trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done";
        KernelProcess process = start(root(MACHINE, false), script, Credentials.ROOT, stdio);
        await("ready");
        process.terminate();
        assertThat(process.exitCode().get(20, TimeUnit.SECONDS)).isEqualTo(3);
        assertThat(log()).contains("bye");
    }

    @Test
    void forgottenPartOfAFileTakesNoRoom() throws Exception {
        Path file = Files.write(folder.resolve("big"), "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII));
        SparseFile.forget(file, 1 << 19);
        byte[] left = Files.readAllBytes(file);
        assertThat(left).hasSize(1 << 20);
        assertThat(left[0]).isZero();
        assertThat(left[1 << 19]).isEqualTo((byte) 'x');
        assertThat(Integer.parseInt(Shell.run("du", "-k", file.toString()).split("\t")[0]))
                .isLessThan(600);
    }

    private ContainerRoot root(Path lower, boolean readOnly, BindMount... mounts) {
        return new ContainerRoot(folder.resolve("container"), lower, List.of(mounts), readOnly, false, List.of());
    }

    private String run(ContainerRoot root, String script) throws Exception {
        KernelProcess process = start(root, script, Credentials.ROOT, logs());
        process.exitCode().get(20, TimeUnit.SECONDS);
        return log();
    }

    private KernelProcess start(ContainerRoot root, String script, Credentials credentials, Stdio stdio) {
        KernelProcess process = KernelProcess.start(spec(root, List.of("sh", "-c", script), credentials, stdio));
        started.add(process);
        return process;
    }

    private ProcessSpec spec(ContainerRoot root, List<String> command, Credentials credentials, Stdio stdio) {
        Isolation isolation = new Isolation(network, List.of(), Optional.of("pod-1"), true, true, Optional.of(root));
        return new ProcessSpec(
                command, ENVIRONMENT, Path.of("/made/for/it"), isolation, credentials, stdio, folder.resolve("exit"));
    }

    private Stdio.Logs logs() {
        return new Stdio.Logs(folder.resolve("log"), folder.resolve("log"));
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    private void await(String wanted) throws Exception {
        for (int i = 0; i < 1000 && !(Files.exists(folder.resolve("log")) && log().contains(wanted)); i++) {
            Thread.sleep(10);
        }
        assertThat(log()).contains(wanted);
    }
}
