package dev.fairway.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// Opens the state file: takes it exclusively, checks that it is ours and sound, lays its tables.
///
/// SQLite's own exclusive lock is the lock on the folder: it vanishes with a killed process, and the file `pid` beside
/// it is only read to name the holder.
final class SqliteFile {

    static final String INSERT =
            "INSERT INTO change (id, key, value, create_revision, checksum) VALUES (?, ?, ?, ?, ?)";

    private static final Logger LOG = LoggerFactory.getLogger(SqliteFile.class);

    /// `FWAY` in ASCII.
    private static final int APPLICATION_ID = 0x46574159;

    /// 1 kept the newest state alone; 2 keeps the log of changes, with checksums.
    private static final int FORMAT_VERSION = 2;

    private SqliteFile() {}

    static Path in(Path folder) {
        return folder.resolve("state.db");
    }

    static Connection open(Path folder) {
        Connection connection = connect(folder);
        try {
            prepare(connection, folder);
            nameHolder(folder);
            return connection;
        } catch (SQLException e) {
            StoreException refusal = failed("opening", folder, e);
            closeAfter(connection, refusal);
            throw refusal;
        } catch (StoreException e) {
            closeAfter(connection, e);
            throw e;
        }
    }

    private static void nameHolder(Path folder) {
        try {
            Files.writeString(folder.resolve("pid"), ProcessHandle.current().pid() + "\n");
        } catch (IOException e) {
            LOG.warn("cannot write the process number into {}: {}", folder, e.toString());
        }
    }

    private static Connection connect(Path folder) {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(0);
        config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        try {
            return config.createConnection("jdbc:sqlite:" + in(folder));
        } catch (SQLException e) {
            throw failed("opening", folder, e);
        }
    }

    private static void prepare(Connection connection, Path folder) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN EXCLUSIVE");
            statement.execute("COMMIT");
            long tables = number(statement, "SELECT count(*) FROM sqlite_schema");
            long application = number(statement, "PRAGMA application_id");
            if (tables > 0 && application != APPLICATION_ID) {
                throw new StoreException(in(folder) + " is no Fairway state; give another folder");
            }
            long version = number(statement, "PRAGMA user_version");
            if (version > FORMAT_VERSION) {
                throw new StoreException("state folder " + folder + " was written by a newer version (format " + version
                        + ", this program knows " + FORMAT_VERSION + "); use that version or another folder");
            }
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA journal_size_limit=67108864");
            if (version < FORMAT_VERSION) {
                layTables(connection, statement, version);
            } else {
                requireSound(statement, folder);
            }
        }
        connection.setAutoCommit(false);
    }

    private static void requireSound(Statement statement, Path folder) throws SQLException {
        try (ResultSet row = statement.executeQuery("PRAGMA integrity_check(1)")) {
            String verdict = row.next() ? row.getString(1) : "no answer";
            if (!verdict.equals("ok")) {
                throw Damage.found(folder, verdict.lines().findFirst().orElse(verdict));
            }
        }
    }

    private static void layTables(Connection connection, Statement statement, long version) throws SQLException {
        statement.execute("BEGIN");
        statement.execute("""
            CREATE TABLE change (id INTEGER PRIMARY KEY, key TEXT NOT NULL, value BLOB,
                create_revision INTEGER NOT NULL, checksum INTEGER NOT NULL)\
            """);
        statement.execute("""
            CREATE TABLE tally (newest INTEGER NOT NULL, compacted INTEGER NOT NULL, rows INTEGER NOT NULL,
                sum INTEGER NOT NULL, checksum INTEGER NOT NULL)\
            """);
        statement.execute("INSERT INTO tally VALUES (0, 0, 0, 0, 0)");
        write(connection, version == 1 ? takeOver(connection, statement) : new Tally(1, 1, 0, 0));
        statement.execute("PRAGMA application_id=" + APPLICATION_ID);
        statement.execute("PRAGMA user_version=" + FORMAT_VERSION);
        statement.execute("COMMIT");
    }

    /// Brings the state of format 1 over.
    private static Tally takeOver(Connection connection, Statement statement) throws SQLException {
        long newest = number(statement, "SELECT revision FROM newest");
        List<Row> rows = new ArrayList<>();
        try (ResultSet each = statement.executeQuery(
                "SELECT key, value, create_revision, revision FROM entry ORDER BY revision, key")) {
            while (each.next()) {
                rows.add(new Row(each.getString(1), each.getBytes(2), each.getLong(3), each.getLong(4), false));
            }
        }
        Tally tally = fill(connection, newest, rows);
        statement.execute("DROP TABLE entry");
        statement.execute("DROP TABLE newest");
        return tally;
    }

    /// Writes a state without history into a file that has no rows.
    ///
    /// @param rows in the order of their revisions
    static Tally fill(Connection connection, long newest, List<Row> rows) throws SQLException {
        Tally tally = new Tally(newest, newest, 0, 0);
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            long revision = 0;
            int number = 0;
            for (Row row : rows) {
                number = row.revision() == revision ? number + 1 : 0;
                revision = row.revision();
                insert(insert, row, number);
                tally = tally.plus(row);
            }
        }
        return tally;
    }

    /// @throws StoreException when a process has the folder; not when what lies there is damaged or missing
    static void requireFree(Path folder) {
        if (!Files.exists(in(folder))) {
            return;
        }
        try (Connection connection = connect(folder);
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN EXCLUSIVE");
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            if (e instanceof SQLiteException sqlite && code(sqlite) == SQLiteErrorCode.SQLITE_BUSY.code) {
                throw failed("opening", folder, e);
            }
            LOG.info("what is replaced cannot be opened: {}", e.getMessage());
        }
    }

    static void insert(PreparedStatement insert, Row row, int number) throws SQLException {
        insert.setLong(1, row.revision() * Row.PER_COMMIT + number);
        insert.setString(2, row.key());
        insert.setBytes(3, row.deleted() ? null : row.value());
        insert.setLong(4, row.createRevision());
        insert.setLong(5, row.checksum());
        insert.executeUpdate();
    }

    static Tally tally(Connection connection, Path folder) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT newest, compacted, rows, sum, checksum FROM tally")) {
            if (row.next()) {
                Tally tally = new Tally(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
                if (tally.checksum() == row.getLong(5)) {
                    return tally;
                }
            }
            throw Damage.found(folder, "the tally of its rows fails its checksum");
        } catch (SQLException e) {
            throw failed("reading", folder, e);
        }
    }

    static void write(Connection connection, Tally tally) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE tally SET newest = ?, compacted = ?, rows = ?, sum = ?, checksum = ?")) {
            update.setLong(1, tally.newest());
            update.setLong(2, tally.compacted());
            update.setLong(3, tally.rows());
            update.setLong(4, tally.sum());
            update.setLong(5, tally.checksum());
            update.executeUpdate();
        }
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    static StoreException failed(String doing, Path folder, Exception cause) {
        int code = cause instanceof SQLiteException sqlite ? code(sqlite) : 0;
        if (code == SQLiteErrorCode.SQLITE_BUSY.code) {
            return new StoreException(
                    "state folder " + folder + " is in use by another process" + holder(folder), cause);
        }
        if (code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return Damage.found(folder, in(folder) + ": " + cause.getMessage());
        }
        return new StoreException(doing + " " + in(folder) + " failed: " + cause.getMessage(), cause);
    }

    /// The primary code of an extended one.
    static int code(SQLiteException sqlite) {
        return sqlite.getResultCode().code & 0xff;
    }

    private static String holder(Path folder) {
        try {
            return " (pid " + Files.readString(folder.resolve("pid")).strip() + ")";
        } catch (IOException unknown) {
            return ""; // the holder has not written it yet; the sentence is true without it
        }
    }

    static void closeAfter(Connection connection, StoreException cause) {
        try {
            connection.close();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
