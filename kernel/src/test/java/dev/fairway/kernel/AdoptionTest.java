package dev.fairway.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process whose JVM was killed: it goes on, and the next JVM finds it again.
@Timeout(90)
class AdoptionTest {

    @TempDir
    Path folder = Path.of("/");

    private final NetworkNamespace network =
            NetworkNamespace.create("fwt-adopt-" + ProcessHandle.current().pid());
    private Optional<KernelProcess> adopted = Optional.empty();

    @AfterEach
    void end() throws Exception {
        if (adopted.isPresent()) {
            adopted.get().kill();
            adopted.get().exitCode().get(10, TimeUnit.SECONDS);
        }
        network.delete();
    }

    /// The JVM that is going to be killed: starts the script and prints the process' identity.
    static final class Starter {

        private Starter() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[1]);
            KernelProcess process = KernelProcess.start(new ProcessSpec(
                    List.of("sh", "-c", arguments[2]),
                    Map.of("PATH", "/usr/bin:/bin"),
                    Path.of("/"),
                    new Isolation(
                            NetworkNamespace.find(arguments[0]).orElseThrow(), List.of(), Optional.of("pod"), true),
                    Credentials.ROOT,
                    new Stdio.Logs(folder.resolve("log"), folder.resolve("log")),
                    folder.resolve("exit")));
            System.out.println(
                    process.identity().pid() + " " + process.identity().startTicks());
            Thread.sleep(60_000);
        }
    }

    @Test
    void itSurvivesAndItsExitCodeArrives() throws Exception {
        KernelProcess process = adopt(startAndKillTheJvm("trap 'exit 9' TERM; while :; do sleep 0.05; echo on; done"));
        long size = Files.size(folder.resolve("log"));
        while (Files.size(folder.resolve("log")) == size) {
            Thread.sleep(10); // it still writes; the test's own time limit ends a process that does not
        }
        assertThat(process.isAlive()).isTrue();
        assertThatThrownBy(() -> process.exitCode().get(200, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);

        process.terminate();

        assertThat(process.exitCode().get(10, TimeUnit.SECONDS)).isEqualTo(9);
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void oneThatEndedMeanwhileLeftItsExitCode() throws Exception {
        ProcessIdentity identity = startAndKillTheJvm("exit 6");
        KernelProcess process = adopt(identity);
        assertThat(process.exitCode().get(10, TimeUnit.SECONDS)).isEqualTo(6);
    }

    @Test
    void oneThatWasKilledHasTheCodeOfAKill() throws Exception {
        KernelProcess process = adopt(startAndKillTheJvm("sleep 60"));
        process.kill();
        assertThat(process.exitCode().get(10, TimeUnit.SECONDS)).isEqualTo(137);
    }

    @Test
    void anotherProcessWithThePidIsNotMistakenForIt() throws Exception {
        long own = ProcessHandle.current().pid();
        ProcessIdentity self = ProcessIdentity.of(own).orElseThrow();
        ProcessIdentity earlier = new ProcessIdentity(own, self.startTicks() - 1);

        KernelProcess process = adopt(earlier);

        assertThat(self.isAlive()).isTrue();
        assertThat(process.exitCode().get(10, TimeUnit.SECONDS)).isEqualTo(137);
        process.kill(); // must not hit this JVM
        process.terminate();
    }

    private KernelProcess adopt(ProcessIdentity identity) {
        KernelProcess process = KernelProcess.adopt(identity, folder.resolve("exit"));
        adopted = Optional.of(process);
        return process;
    }

    private ProcessIdentity startAndKillTheJvm(String script) throws Exception {
        String path = System.getProperty("jdk.module.path", "") + ":" + System.getProperty("java.class.path", "");
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        Path.of("target", "test-classes") + ":" + Path.of("target", "classes") + ":" + path,
                        Starter.class.getName(),
                        network.name(),
                        folder.toString(),
                        script)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var output = jvm.inputReader()) {
            String[] words = String.valueOf(output.readLine()).split(" ");
            assertThat(words).as("pid and start of the process").hasSize(2);
            return new ProcessIdentity(Long.parseLong(words[0]), Long.parseLong(words[1]));
        } finally {
            Signals.kill(jvm.pid(), Signal.KILL);
            jvm.waitFor();
        }
    }
}
