package dev.fairway.store;

import static dev.fairway.store.Keys.done;
import static dev.fairway.store.Keys.put;
import static dev.fairway.store.Keys.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk with no space left, which is a small one of the test's own.
class FullDiskTest {

    @TempDir
    Path folder;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString());
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    @Test
    void readsGoOnWritesAreRefusedAndWorkAgainWhenThereIsSpace() throws Exception {
        Path state = disk.resolve("state");
        long acknowledged;
        try (Store store = Stores.sqlite(state)) {
            done(store, put("/a", "1"));
            Path ballast = fill();
            acknowledged = writeUntilFull(store);
            assertThat(value(store, "/a")).contains("1");
            assertThat(store.revision()).isEqualTo(acknowledged);
            assertThatThrownBy(() -> done(store, put("/b", "x".repeat(100_000))))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.meaning()).isEqualTo(StoreException.Meaning.FULL))
                    .hasMessageContaining("no space is left for " + state.resolve("state.db"));
            Files.delete(ballast);
            assertThat(done(store, put("/b", "x".repeat(100_000)))).isEqualTo(acknowledged + 1);
        }
        try (Store store = Stores.sqlite(state)) {
            assertThat(store.revision()).isEqualTo(acknowledged + 1);
            assertThat(value(store, "/b"))
                    .hasValueSatisfying(text -> assertThat(text).hasSize(100_000));
        }
    }

    private Path fill() throws IOException {
        Path ballast = disk.resolve("ballast");
        byte[] block = new byte[4096];
        try (var out = Files.newOutputStream(ballast)) {
            while (disk.toFile().getUsableSpace() > 64 * 1024) {
                out.write(block);
            }
        }
        return ballast;
    }

    private static long writeUntilFull(Store store) {
        long acknowledged = store.revision();
        for (int i = 0; i < 1_000; i++) {
            try {
                acknowledged = done(store, put("/fill/" + i, "y".repeat(10_000)));
            } catch (StoreException e) {
                assertThat(e.meaning()).isEqualTo(StoreException.Meaning.FULL);
                return acknowledged;
            }
        }
        throw new AssertionError("the disk does not get full");
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(List.of(command)).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    }
}
