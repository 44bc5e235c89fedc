package dev.fairway.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// Keeps the current state in one SQLite file: write-ahead log, a full sync per append, held exclusively while open.
/// Only the newest state is kept; the changes that led to it live in memory.
final class SqliteEngine implements Engine {

    private final Path file;
    private final Connection connection;

    private SqliteEngine(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /// @throws StoreException when the folder cannot be made, is in use, or holds something else
    static SqliteEngine open(Path folder) {
        makeFolder(folder);
        Path file = folder.resolve("state.db");
        Connection connection = SqliteFile.open(folder, file);
        syncFolder(folder);
        return new SqliteEngine(file, connection);
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
        try (Statement statement = connection.createStatement()) {
            long revision;
            try (ResultSet row = statement.executeQuery("SELECT revision FROM newest")) {
                revision = row.next() ? row.getLong(1) : 1;
            }
            List<Store.Entry> entries = new ArrayList<>();
            try (ResultSet rows =
                    statement.executeQuery("SELECT key, value, create_revision, revision FROM entry ORDER BY key")) {
                while (rows.next()) {
                    entries.add(new Store.Entry(rows.getString(1), rows.getBytes(2), rows.getLong(3), rows.getLong(4)));
                }
            }
            return new Loaded(revision, entries);
        } catch (SQLException e) {
            throw new StoreException("reading " + file + " failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void append(List<Commit> commits) {
        try (PreparedStatement put = connection.prepareStatement("""
                    INSERT INTO entry (key, value, create_revision, revision) VALUES (?, ?, ?, ?)
                    ON CONFLICT (key) DO UPDATE SET value = excluded.value,
                        create_revision = excluded.create_revision, revision = excluded.revision""");
                PreparedStatement delete = connection.prepareStatement("DELETE FROM entry WHERE key = ?");
                PreparedStatement newest = connection.prepareStatement("UPDATE newest SET revision = ?")) {
            for (Commit commit : commits) {
                for (Store.Event event : commit.events()) {
                    write(event, put, delete);
                }
            }
            newest.setLong(1, commits.getLast().revision());
            newest.executeUpdate();
            connection.commit();
        } catch (SQLException e) {
            throw new StoreException(
                    "writing " + file + " failed: " + e.getMessage()
                            + "; look at the disk (space, health), then restart",
                    e);
        }
    }

    private static void write(Store.Event event, PreparedStatement put, PreparedStatement delete) throws SQLException {
        Store.Entry now = event.now();
        if (event.deleted()) {
            delete.setString(1, now.key());
            delete.executeUpdate();
            return;
        }
        put.setString(1, now.key());
        put.setBytes(2, now.value());
        put.setLong(3, now.createRevision());
        put.setLong(4, now.revision());
        put.executeUpdate();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new StoreException("closing " + file + " failed: " + e.getMessage(), e);
        }
    }
}
