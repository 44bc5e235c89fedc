package dev.fairway.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalLong;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// Keeps the log of changes in one SQLite file: write-ahead log, a full sync per append, held exclusively while open.
/// What a change replaced goes when nobody may ask for it any more.
final class SqliteEngine implements Engine {

    /// How far revisions jump when some may have been lost: more than anybody can have seen of them.
    static final long JUMP = 1_000_000_000;

    private final Path folder;
    private final Path file;
    private final Connection connection;
    private final Witness witness;
    private Tally tally;

    private SqliteEngine(Path folder, Connection connection, Tally tally, Witness witness) {
        this.folder = folder;
        this.file = SqliteFile.in(folder);
        this.connection = connection;
        this.tally = tally;
        this.witness = witness;
    }

    /// @throws StoreException when the folder cannot be made, is in use, holds something else, or is damaged
    static SqliteEngine open(Path folder) {
        makeFolder(folder);
        boolean fresh = !Files.exists(SqliteFile.in(folder));
        OptionalLong acknowledged = Witness.read(folder);
        if (fresh && acknowledged.isPresent()) {
            throw Damage.found(folder, SqliteFile.in(folder) + " is missing");
        }
        Connection connection = SqliteFile.open(folder);
        try {
            Tally tally = SqliteFile.tally(connection, folder);
            if (acknowledged.isPresent() && acknowledged.getAsLong() > tally.newest()) {
                throw Damage.found(
                        folder,
                        "it ends at revision " + tally.newest() + ", and revision " + acknowledged.getAsLong()
                                + " was acknowledged");
            }
            SqliteEngine engine = new SqliteEngine(folder, connection, tally, Witness.open(folder));
            engine.begin(acknowledged.isEmpty() && tally.newest() > 1);
            return engine;
        } catch (StoreException e) {
            SqliteFile.closeAfter(connection, e);
            throw e;
        }
    }

    /// Without a witness nobody knows what was lost: revisions jump, so that whoever saw more reads everything again.
    private void begin(boolean unwitnessed) {
        if (unwitnessed) {
            long next = tally.newest() + JUMP;
            tally = tally.at(next).compactedAt(next);
            inTransaction(() -> {});
        }
        witness.acknowledge(tally.newest());
        syncFolder(folder);
    }

    private static void makeFolder(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new StoreException("making the state folder " + folder + " failed: " + e, e);
        }
    }

    /// Makes the names of new files durable; SQLite syncs only what is in them.
    private static void syncFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw new StoreException("syncing the state folder " + folder + " failed: " + e, e);
        }
    }

    @Override
    public Loaded load() {
        try {
            Loaded loaded = SqliteRows.load(connection, folder, tally);
            connection.commit();
            return loaded;
        } catch (SQLException e) {
            throw SqliteFile.failed("reading", folder, e);
        }
    }

    @Override
    public void append(List<Commit> commits, List<Commit> forgotten) {
        Tally before = tally;
        try {
            inTransaction(() -> {
                add(commits);
                remove(forgotten);
            });
            witness.acknowledge(tally.newest());
        } catch (StoreException e) {
            tally = before;
            throw e;
        }
    }

    private interface Step {
        void run() throws SQLException;
    }

    private void inTransaction(Step step) {
        try {
            step.run();
            SqliteFile.write(connection, tally);
            connection.commit();
        } catch (SQLException e) {
            throw refusal(e);
        }
    }

    /// A full disk leaves the file as it was before; after anything else nobody knows.
    private StoreException refusal(SQLException e) {
        if (e instanceof SQLiteException sqlite && SqliteFile.code(sqlite) == SQLiteErrorCode.SQLITE_FULL.code) {
            try {
                beginAnew();
                return new StoreException(
                        StoreException.Meaning.FULL,
                        "no space is left for " + file + ": nothing was written; make room on its disk, then try again",
                        e);
            } catch (SQLException second) {
                e.addSuppressed(second);
            }
        }
        return new StoreException(
                "writing " + file + " failed: " + e.getMessage() + "; look at the disk (health, mount), then restart",
                e);
    }

    /// SQLite itself has rolled back when the disk was full at the commit, but not when it was full before.
    private void beginAnew() throws SQLException {
        try {
            connection.rollback();
        } catch (SQLException nothingToRollBack) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("BEGIN");
            }
        }
    }

    private void add(List<Commit> commits) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(SqliteFile.INSERT)) {
            for (Commit commit : commits) {
                for (int i = 0; i < commit.events().size(); i++) {
                    Row row = Row.of(commit.events().get(i));
                    SqliteFile.insert(insert, row, i);
                    tally = tally.plus(row);
                }
            }
        }
        tally = tally.at(commits.getLast().revision());
    }

    private void remove(List<Commit> forgotten) throws SQLException {
        if (forgotten.isEmpty()) {
            return;
        }
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM change WHERE id >= ? AND id < ? AND key = ?")) {
            for (Commit commit : forgotten) {
                for (Store.Event event : commit.events()) {
                    if (event.before().isPresent()) {
                        remove(delete, Row.of(event.before().get()));
                    }
                    if (event.deleted()) {
                        remove(delete, Row.of(event));
                    }
                }
            }
        }
        tally = tally.compactedAt(forgotten.getLast().revision());
    }

    private void remove(PreparedStatement delete, Row row) throws SQLException {
        delete.setLong(1, row.revision() * Row.PER_COMMIT);
        delete.setLong(2, (row.revision() + 1) * Row.PER_COMMIT);
        delete.setString(3, row.key());
        if (delete.executeUpdate() == 1) {
            tally = tally.minus(row);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw SqliteFile.failed("closing", folder, e);
        } finally {
            witness.close();
        }
    }
}
