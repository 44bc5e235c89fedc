package dev.fairway.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the file's rows back at a start, checking every one.
final class SqliteRows {

    private final Path folder;
    private final Tally expected;
    private final Map<String, Store.Entry> current = new HashMap<>();
    private final List<Commit> history = new ArrayList<>();
    private List<Store.Entry> atCompacted = List.of();
    private List<Store.Event> open = new ArrayList<>();
    private boolean inHistory;
    private Tally found;

    private SqliteRows(Path folder, Tally expected) {
        this.folder = folder;
        this.expected = expected;
        this.found = new Tally(expected.newest(), expected.compacted(), 0, 0);
    }

    /// @throws StoreException when a row is not what was written, or rows are missing
    static Engine.Loaded load(Connection connection, Path folder, Tally expected) throws SQLException {
        SqliteRows rows = new SqliteRows(folder, expected);
        try (Statement statement = connection.createStatement();
                ResultSet each = statement.executeQuery(
                        "SELECT id, key, value, create_revision, checksum FROM change ORDER BY id")) {
            while (each.next()) {
                rows.take(each);
            }
        }
        return rows.finish();
    }

    private void take(ResultSet each) throws SQLException {
        long revision = each.getLong(1) / Row.PER_COMMIT;
        byte[] value = each.getBytes(3);
        String key = each.getString(2);
        Row row = new Row(key, value == null ? new byte[0] : value, each.getLong(4), revision, value == null);
        if (row.checksum() != each.getLong(5)) {
            throw Damage.found(folder, "key " + key + " at revision " + revision + " fails its checksum");
        }
        found = found.plus(row);
        if (revision > expected.compacted()) {
            beginHistory();
            if (!open.isEmpty() && open.getFirst().revision() != revision) {
                closeCommit();
            }
            open.add(event(row));
        }
        if (row.deleted()) {
            current.remove(key);
        } else {
            current.put(key, row.entry());
        }
    }

    private void beginHistory() {
        if (!inHistory) {
            inHistory = true;
            atCompacted = List.copyOf(current.values());
        }
    }

    private Store.Event event(Row row) {
        Optional<Store.Entry> before = Optional.ofNullable(current.get(row.key()));
        byte[] value = row.deleted() ? before.map(Store.Entry::value).orElse(row.value()) : row.value();
        Store.Entry now = new Store.Entry(row.key(), value, row.createRevision(), row.revision());
        return new Store.Event(row.deleted(), now, before);
    }

    private void closeCommit() {
        history.add(new Commit(open.getFirst().revision(), open));
        open = new ArrayList<>();
    }

    private Engine.Loaded finish() {
        beginHistory();
        if (!open.isEmpty()) {
            closeCommit();
        }
        if (!found.equals(expected)) {
            throw Damage.found(
                    folder,
                    "it has " + found.rows() + " rows where " + expected.rows()
                            + " were written, or others than those");
        }
        long newest =
                history.isEmpty() ? expected.compacted() : history.getLast().revision();
        if (newest != expected.newest()) {
            throw Damage.found(folder, "it ends at revision " + newest + ", not " + expected.newest());
        }
        return new Engine.Loaded(expected.compacted(), atCompacted, history);
    }
}
