package dev.fairway.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.store.Store;
import dev.fairway.store.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers of one cluster trust each other's certificates and tokens without anybody copying files.
class SharedKeysTest {

    private static final InstantSource CLOCK = () -> Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private final Store store = Stores.memory();

    @AfterEach
    void close() {
        store.close();
    }

    private Path one() {
        return folder.resolve("one");
    }

    private Path two() {
        return folder.resolve("two");
    }

    private SharedKeys open(Path server) throws IOException {
        return SharedKeys.open(store, server, CLOCK);
    }

    private static String text(Path server, String name) throws IOException {
        return Files.readString(server.resolve(name));
    }

    private static void assertSame(Path one, Path two) throws IOException {
        try (Stream<Path> files = Files.list(one)) {
            for (Path file : files.toList()) {
                assertThat(two.resolve(file.getFileName())).hasSameTextualContentAs(file);
            }
        }
    }

    @Test
    void theSecondServerHasTheKeysOfTheFirst() throws Exception {
        open(one());
        open(two());
        assertSame(one(), two());
        assertSame(two(), one());
        assertThat(one().resolve("ca.key")).exists();
        assertThat(one().resolve("sa.key")).exists();
    }

    @Test
    void aServerWithAnAuthorityOfItsOwnGivesItUp() throws Exception {
        CertificateAuthority.open(two(), CLOCK);
        String own = text(two(), "ca.crt");
        open(one());
        open(two());
        assertSame(one(), two());
        assertThat(text(two(), "ca.crt")).isNotEqualTo(own);
    }

    @Test
    void aChangeOfTheAuthorityReachesTheOthers() throws Exception {
        SharedKeys first = open(one());
        SharedKeys second = open(two());
        CertificateAuthority.open(one(), CLOCK).announceNext();
        first.sync();
        second.sync();
        assertThat(two().resolve("ca-next.crt")).hasSameTextualContentAs(one().resolve("ca-next.crt"));
        assertSame(one(), two());
    }

    @Test
    void whatWasChangedWhileTheServerStoodStillCounts() throws Exception {
        SharedKeys first = open(one());
        Files.move(one().resolve("sa.key"), one().resolve("sa-1.key"));
        Files.writeString(one().resolve("sa.key"), "new");
        open(one());
        open(two());
        assertThat(text(two(), "sa.key")).isEqualTo("new");
        assertThat(two().resolve("sa-1.key")).exists();
        Files.delete(two().resolve("sa-1.key"));
        open(two());
        first.sync();
        assertThat(one().resolve("sa-1.key")).doesNotExist();
    }

    @Test
    void ofTwoChangesAtOnceTheFirstCounts() throws Exception {
        SharedKeys first = open(one());
        SharedKeys second = open(two());
        CertificateAuthority.open(one(), CLOCK).announceNext();
        CertificateAuthority.open(two(), CLOCK).announceNext();
        String kept = text(one(), "ca-next.crt");
        first.sync();
        second.sync();
        assertSame(one(), two());
        assertThat(text(two(), "ca-next.crt")).isEqualTo(kept);
    }

    @Test
    void aFolderThatLostAKeyGetsItBackAndTakesItFromNobody() throws Exception {
        open(one());
        SharedKeys second = open(two());
        Files.delete(two().resolve("ca.key"));
        second.sync();
        assertSame(one(), two());
    }
}
