package dev.fairway.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SignalsTest {

    @Test
    void aSignalArrivesAndAGoneProcessIsNoError() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        assertThat(Signals.kill(process.pid(), Signal.TERM)).isTrue();
        assertThat(process.waitFor()).isEqualTo(143);
        assertThat(Signals.kill(process.pid(), Signal.TERM)).isFalse();
        assertThat(ProcessIdentity.of(process.pid())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1})
    void whatWouldHitEverythingIsRefused(long pid) {
        assertThatThrownBy(() -> Signals.kill(pid, Signal.CONT)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyPidIsRefusedThatIsNoPid() {
        assertThatThrownBy(() -> Signals.killGroup(1, Signal.CONT)).isInstanceOf(IllegalArgumentException.class);
    }

    /// The name of a command may hold anything, also what looks like the end of the name.
    @Test
    void theStartIsReadBehindAnyCommandName() throws Exception {
        Path odd = Files.createTempDirectory("fwt").resolve("a) R 1 (b");
        Files.copy(Path.of("/bin/sleep"), odd);
        Process process = new ProcessBuilder(odd.toString(), "60").start();
        try {
            ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow();
            ProcessIdentity self =
                    ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
            assertThat(identity.startTicks()).isGreaterThan(self.startTicks());
            assertThat(identity.isAlive()).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
            Files.delete(odd);
            Files.delete(odd.getParent());
        }
    }

    @Test
    void rootMayMakeNamespaces() {
        assertThat(Capability.missingForNamespaces()).isEmpty();
    }
}
