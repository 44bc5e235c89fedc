package dev.fairway.store;

import static dev.fairway.store.Keys.done;
import static dev.fairway.store.Keys.put;
import static dev.fairway.store.Keys.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A state folder that lost something says so and serves nothing.
class DamagedStoreTest {

    private static final int KEYS = 200;

    @TempDir
    Path folder;

    private Path state;

    @BeforeEach
    void fill() {
        state = folder.resolve("state");
        try (Store store = Stores.sqlite(state)) {
            for (int i = 0; i < KEYS; i++) {
                done(store, put("/key/" + i, "value " + "x".repeat(500) + i));
            }
        }
    }

    private void refused(String fact) {
        assertThatThrownBy(() -> Stores.sqlite(state))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the state in " + state + " is damaged: ")
                .hasMessageContaining(fact)
                .hasMessageContaining("fairway restore");
    }

    @Test
    void aChangedByteIsNeverServed() throws Exception {
        Random random = new Random(42);
        Path file = state.resolve("state.db");
        byte[] whole = Files.readAllBytes(file);
        int refused = 0;
        for (int i = 0; i < 60; i++) {
            byte[] broken = whole.clone();
            int at = random.nextInt(broken.length);
            broken[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, broken);
            try (Store store = Stores.sqlite(state)) {
                assertThat(store.list("/key/").entries())
                        .as("byte %d changed", at)
                        .hasSize(KEYS);
                store.list("/key/")
                        .entries()
                        .forEach(entry -> assertThat(Keys.text(entry)).startsWith("value "));
            } catch (StoreException e) {
                refused++;
            }
            Files.write(file, whole);
            Files.deleteIfExists(state.resolve("state.db-wal"));
        }
        assertThat(refused).isPositive();
    }

    @Test
    void aTruncatedFileIsRefused() throws IOException {
        try (FileChannel file = FileChannel.open(state.resolve("state.db"), StandardOpenOption.WRITE)) {
            file.truncate(file.size() / 2 / 4096 * 4096);
        }
        refused("");
    }

    @Test
    void aMissingRowIsFoundByTheTally() throws SQLException {
        execute("DELETE FROM change WHERE key = '/key/17'");
        refused("it has 199 rows where 200 were written");
    }

    @Test
    void aChangedValueIsFoundByItsChecksum() throws SQLException {
        execute("UPDATE change SET value = CAST('other' AS BLOB) WHERE key = '/key/17'");
        refused("key /key/17 at revision 19 fails its checksum");
    }

    @Test
    void anAcknowledgedRevisionThatIsMissingIsFoundByItsWitness() throws IOException {
        Path before = folder.resolve("before.db");
        Files.copy(state.resolve("state.db"), before);
        try (Store store = Stores.sqlite(state)) {
            done(store, put("/key/late", "1"));
        }
        Files.copy(before, state.resolve("state.db"), StandardCopyOption.REPLACE_EXISTING);
        refused("it ends at revision 201, and revision 202 was acknowledged");
    }

    @Test
    void aFileThatVanishedIsNoFreshStart() throws IOException {
        Files.delete(state.resolve("state.db"));
        refused("state.db is missing");
    }

    @Test
    void withoutAWitnessRevisionsJumpAndHistoryIsGiven() throws IOException {
        Files.delete(state.resolve("acknowledged"));
        try (Store store = Stores.sqlite(state)) {
            assertThat(store.revision()).isEqualTo(KEYS + 1 + SqliteEngine.JUMP);
            assertThat(store.compactedRevision()).isEqualTo(store.revision());
            assertThat(store.list("/key/").entries()).hasSize(KEYS);
        }
    }

    @Test
    void theFormerFormatIsTakenOver() throws SQLException {
        state = folder.resolve("former");
        folder.resolve("former").toFile().mkdirs();
        execute("CREATE TABLE entry (key TEXT PRIMARY KEY, value BLOB NOT NULL, create_revision INTEGER NOT NULL,"
                + " revision INTEGER NOT NULL) WITHOUT ROWID");
        execute("CREATE TABLE newest (revision INTEGER NOT NULL)");
        execute("INSERT INTO newest VALUES (7)");
        execute("INSERT INTO entry VALUES ('/a', CAST('1' AS BLOB), 2, 7), ('/b', CAST('2' AS BLOB), 7, 7)");
        execute("PRAGMA application_id=1180123481");
        execute("PRAGMA user_version=1");
        for (int opening = 0; opening < 2; opening++) {
            try (Store store = Stores.sqlite(state)) {
                assertThat(texts(store.list("/"))).containsExactly("/a=1", "/b=2");
                assertThat(store.get("/a").orElseThrow().createRevision()).isEqualTo(2);
                assertThat(store.revision()).isGreaterThanOrEqualTo(7);
            }
        }
    }

    @Test
    void oldHistoryGoesFromTheFileToo() throws SQLException {
        state = folder.resolve("compacted");
        ChangeWindow.Bounds few = new ChangeWindow.Bounds(10, 1L << 20, java.time.Duration.ofHours(1));
        try (Store store = IndexedStore.over(SqliteEngine.open(state), few)) {
            for (int i = 0; i < 500; i++) {
                done(store, put("/a", "v" + i), put("/once/" + i % 3, "w" + i));
                if (i % 7 == 0) {
                    done(store, Keys.delete("/once/1"));
                }
            }
        }
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                var count = statement.executeQuery("SELECT count(*) FROM change")) {
            assertThat(count.next()).isTrue();
            assertThat(count.getInt(1)).isLessThan(40);
        }
        try (Store store = IndexedStore.over(SqliteEngine.open(state), few)) {
            assertThat(texts(store.list("/a"))).isEqualTo(List.of("/a=v499"));
        }
    }

    private Connection connection() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + state.resolve("state.db"));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
