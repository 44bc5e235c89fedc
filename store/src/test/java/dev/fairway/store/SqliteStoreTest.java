package dev.fairway.store;

import static dev.fairway.store.Keys.delete;
import static dev.fairway.store.Keys.done;
import static dev.fairway.store.Keys.put;
import static dev.fairway.store.Keys.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreLaws {

    @TempDir
    Path folder;

    @Override
    Store open(ChangeWindow.Bounds bounds) {
        return IndexedStore.over(SqliteEngine.open(folder.resolve("laws")), bounds);
    }

    @Test
    void stateAndRevisionsAreThereAfterReopening() {
        Path state = folder.resolve("again");
        try (Store store = Stores.sqlite(state)) {
            done(store, put("/a", "1"), put("/b", "1"));
            done(store, put("/a", "2"));
            done(store, delete("/b"));
        }
        try (Store store = Stores.sqlite(state)) {
            assertThat(texts(store.list("/"))).containsExactly("/a=2");
            assertThat(store.revision()).isEqualTo(4);
            assertThat(store.compactedRevision()).isEqualTo(1);
            assertThat(texts(store.list("/", "", 0, 2))).containsExactly("/a=1", "/b=1");
            Store.Entry entry = store.get("/a").orElseThrow();
            assertThat(List.of(entry.createRevision(), entry.revision())).containsExactly(2L, 3L);
            assertThat(done(store, put("/c", "1"))).isEqualTo(5);
        }
    }

    @Test
    void aFolderInUseIsRefusedWithItsHolder() {
        Path state = folder.resolve("held");
        try (Store store = Stores.sqlite(state)) {
            assertThatThrownBy(() -> Stores.sqlite(state))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("state folder " + state + " is in use by another process (pid "
                            + ProcessHandle.current().pid() + ")");
            assertThat(done(store, put("/a", "1"))).isEqualTo(2);
        }
    }

    @Test
    void aNewerFormatIsRefused() throws SQLException {
        Path state = folder.resolve("newer");
        Stores.sqlite(state).close();
        execute(state, "PRAGMA user_version=7");
        assertThatThrownBy(() -> Stores.sqlite(state))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("state folder " + state + " was written by a newer version (format 7");
    }

    @Test
    void aForeignDatabaseIsRefused() throws SQLException, IOException {
        Path state = folder.resolve("foreign");
        Files.createDirectories(state);
        execute(state, "CREATE TABLE other (x)");
        assertThatThrownBy(() -> Stores.sqlite(state))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is no Fairway state");
    }

    @Test
    void aFileThatIsNoDatabaseIsRefused() throws IOException {
        Path state = folder.resolve("rubbish");
        Files.createDirectories(state);
        Files.writeString(state.resolve("state.db"), "not a database at all, but long enough ".repeat(100));
        assertThatThrownBy(() -> Stores.sqlite(state))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is damaged")
                .hasMessageContaining("not a database");
    }

    @Test
    void afterAFailedWriteEveryCommitIsRefusedAndReadsGoOn() throws SQLException {
        Path state = folder.resolve("broken");
        Stores.sqlite(state).close();
        execute(
                state,
                "CREATE TRIGGER full BEFORE INSERT ON change WHEN NEW.key = '/bad'"
                        + " BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
        try (Store store = Stores.sqlite(state)) {
            done(store, put("/good", "1"));
            assertThatThrownBy(() -> done(store, put("/bad", "1")))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("writing " + state.resolve("state.db") + " failed")
                    .hasMessageContaining("disk is full");
            assertThatThrownBy(() -> done(store, put("/good", "2")))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("accepts no more writes");
            assertThat(texts(store.list("/"))).containsExactly("/good=1");
        }
        try (Store store = Stores.sqlite(state)) {
            assertThat(texts(store.list("/"))).containsExactly("/good=1");
        }
    }

    private static void execute(Path state, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + state.resolve("state.db"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
