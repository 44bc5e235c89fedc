package dev.fairway.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// Opens the state file: takes it exclusively, checks that it is ours, lays its tables.
///
/// SQLite's own exclusive lock is the lock on the folder: it vanishes with a killed process, and the file `pid` beside
/// it is only read to name the holder.
final class SqliteFile {

    /// `FWAY` in ASCII.
    private static final int APPLICATION_ID = 0x46574159;

    private static final int FORMAT_VERSION = 1;

    private SqliteFile() {}

    static Connection open(Path folder, Path file) {
        Connection connection = connect(folder, file);
        try {
            prepare(connection, folder, file);
            Files.writeString(folder.resolve("pid"), ProcessHandle.current().pid() + "\n");
            return connection;
        } catch (SQLException | IOException e) {
            StoreException refusal = refusal(folder, file, e);
            closeAfter(connection, refusal);
            throw refusal;
        } catch (StoreException e) {
            closeAfter(connection, e);
            throw e;
        }
    }

    private static Connection connect(Path folder, Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(0);
        config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        try {
            return config.createConnection("jdbc:sqlite:" + file);
        } catch (SQLException e) {
            throw refusal(folder, file, e);
        }
    }

    private static void prepare(Connection connection, Path folder, Path file) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN EXCLUSIVE");
            statement.execute("COMMIT");
            long tables = number(statement, "SELECT count(*) FROM sqlite_schema");
            long application = number(statement, "PRAGMA application_id");
            if (tables > 0 && application != APPLICATION_ID) {
                throw new StoreException(file + " is no Fairway state; give another folder");
            }
            long version = number(statement, "PRAGMA user_version");
            if (version > FORMAT_VERSION) {
                throw new StoreException("state folder " + folder + " was written by a newer version (format " + version
                        + ", this program knows " + FORMAT_VERSION + "); use that version or another folder");
            }
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA journal_size_limit=67108864");
            if (version < FORMAT_VERSION) {
                layTables(statement);
            }
        }
        connection.setAutoCommit(false);
    }

    private static void layTables(Statement statement) throws SQLException {
        statement.execute("BEGIN");
        statement.execute("""
                CREATE TABLE entry (key TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL,
                    create_revision INTEGER NOT NULL, revision INTEGER NOT NULL)""");
        statement.execute("CREATE TABLE newest (revision INTEGER NOT NULL)");
        statement.execute("INSERT INTO newest VALUES (1)");
        statement.execute("PRAGMA application_id=" + APPLICATION_ID);
        statement.execute("PRAGMA user_version=" + FORMAT_VERSION);
        statement.execute("COMMIT");
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static StoreException refusal(Path folder, Path file, Exception cause) {
        boolean busy = cause instanceof SQLiteException sqlite && code(sqlite) == SQLiteErrorCode.SQLITE_BUSY.code;
        return busy
                ? new StoreException("state folder " + folder + " is in use by another process" + holder(folder), cause)
                : new StoreException("opening " + file + " failed: " + cause.getMessage(), cause);
    }

    /// The primary code of an extended one.
    private static int code(SQLiteException sqlite) {
        return sqlite.getResultCode().code & 0xff;
    }

    private static String holder(Path folder) {
        try {
            return " (pid " + Files.readString(folder.resolve("pid")).strip() + ")";
        } catch (IOException unknown) {
            return ""; // the holder has not written it yet; the sentence is true without it
        }
    }

    private static void closeAfter(Connection connection, StoreException cause) {
        try {
            connection.close();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
