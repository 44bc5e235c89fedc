package dev.fairway.store;

import static dev.fairway.store.Keys.delete;
import static dev.fairway.store.Keys.done;
import static dev.fairway.store.Keys.put;
import static dev.fairway.store.Keys.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupsTest {

    @TempDir
    Path folder;

    private Path state;
    private Path copy;

    @BeforeEach
    void places() throws IOException {
        state = folder.resolve("state");
        copy = Files.createDirectory(folder.resolve("copy"));
    }

    @Test
    void whatWasCopiedIsThereAgainAndNoRevisionGoesBack() {
        long newest;
        try (Store store = Stores.sqlite(state)) {
            done(store, put("/a", "1"), put("/b", "1"));
            assertThat(Backups.write(store, copy)).isEqualTo(2);
            done(store, put("/a", "2"), delete("/b"));
            newest = done(store, put("/c", "1"));
        }
        Path replaced = Backups.restore(copy, state);
        try (Store store = Stores.sqlite(state)) {
            assertThat(texts(store.list("/"))).containsExactly("/a=1", "/b=1");
            assertThat(store.get("/a").orElseThrow().createRevision()).isEqualTo(2);
            assertThat(store.revision()).isGreaterThan(newest);
            assertThatExceptionOfType(CompactedException.class)
                    .as("who holds a revision of the replaced state reads anew")
                    .isThrownBy(() -> store.watch("/", newest, new Recorder()));
            assertThat(done(store, put("/d", "1"))).isEqualTo(store.revision());
        }
        try (Store store = Stores.sqlite(replaced)) {
            assertThat(texts(store.list("/"))).containsExactly("/a=2", "/c=1");
        }
    }

    @Test
    void theSameCopyTwiceStillLeadsForward() throws IOException {
        try (Store store = Stores.memory()) {
            done(store, put("/a", "1"));
            Backups.write(store, copy);
        }
        Path again = Files.createDirectory(folder.resolve("again"));
        Files.copy(copy.resolve("state.db"), again.resolve("state.db"));
        Backups.restore(copy, state);
        long between;
        try (Store store = Stores.sqlite(state)) {
            between = done(store, put("/a", "2"));
        }
        Backups.restore(again, state);
        try (Store store = Stores.sqlite(state)) {
            assertThat(texts(store.list("/"))).containsExactly("/a=1");
            assertThat(store.revision()).isGreaterThan(between);
        }
    }

    @Test
    void aDamagedCopyChangesNothing() throws IOException {
        try (Store store = Stores.sqlite(state)) {
            for (int i = 0; i < 100; i++) {
                done(store, put("/a/" + i, "x".repeat(1_000)));
            }
            Backups.write(store, copy);
        }
        try (FileChannel file = FileChannel.open(copy.resolve("state.db"), StandardOpenOption.WRITE)) {
            file.truncate(file.size() / 2);
        }
        assertThatThrownBy(() -> Backups.restore(copy, state))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(copy.toString());
        try (Store store = Stores.sqlite(state)) {
            assertThat(store.list("/a/").entries()).hasSize(100);
        }
    }

    @Test
    void aStateInUseIsNotReplaced() {
        try (Store store = Stores.sqlite(state)) {
            done(store, put("/a", "1"));
            Backups.write(store, copy);
            assertThatThrownBy(() -> Backups.restore(copy, state))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is in use by another process");
        }
    }
}
