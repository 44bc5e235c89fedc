package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.api.security.CertificateAuthority;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// What the launcher rehearsed after the build is used from then on.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("second lane")
class RehearsalTest {

    @TempDir
    Path folder;

    /// A file that the JVM refuses is not mapped.
    @Test
    void aServerStartsFromWhatWasRehearsed() throws Exception {
        Path state = folder.resolve("state");
        HttpClient http = Admission.client(CertificateAuthority.open(state.resolve("pki"), InstantSource.system()));
        try (ServerProcess server = ServerProcess.start(state, "sqlite")) {
            server.awaitReady(http);
            assertThat(Files.readString(Path.of("/proc", Long.toString(server.pid()), "maps")))
                    .contains("/servers.aot");
        } finally {
            http.shutdownNow();
        }
    }

    @Test
    void aRehearsalOfThisBuildIsNotRepeated() {
        Run.Result again = Run.command(List.of(Rehearsed.LAUNCHER, "rehearse"), Map.of("FAIRWAY_NO_BUILD", "1"), "");
        assertThat(again.ok()).isEmpty();
        assertThat(again.err()).isEmpty();
    }
}
