package dev.fairway.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// Copies of a state as of one revision. A copy is a state file like the store's own, with the same checksums, whatever
/// engine it was taken from.
public final class Backups {

    private Backups() {}

    /// Writes a copy while the store goes on; readers and writers do not wait.
    ///
    /// @param folder an empty one; the copy is the file `state.db` in it
    /// @return the revision of the copy
    public static long write(Store store, Path folder) {
        Store.Page page = store.list("");
        List<Row> rows = page.entries().stream()
                .map(Row::of)
                .sorted(Comparator.comparingLong(Row::revision).thenComparing(Row::key))
                .toList();
        try (Connection connection = SqliteFile.open(folder)) {
            SqliteFile.write(connection, SqliteFile.fill(connection, page.revision(), rows));
            connection.commit();
            return page.revision();
        } catch (SQLException e) {
            throw SqliteFile.failed("writing", folder, e);
        }
    }

    /// Puts a copy in the place of the state in `folder`, which no process may have open. What was there stays beside
    /// it under the name that is returned.
    ///
    /// Revisions go on above those of both states, with a gap that no client can have seen over. Who holds
    /// a revision of the replaced state is told that it is gone, and reads anew.
    ///
    /// @param copy a folder with the copy as `state.db`, on the same disk as `folder`; it is moved
    /// @throws StoreException when the copy is damaged or the folder is in use; nothing has changed then
    public static Path restore(Path copy, Path folder) {
        SqliteFile.requireFree(folder);
        long atLeast = newest(folder);
        try (Connection connection = SqliteFile.open(copy)) {
            Tally tally = SqliteFile.tally(connection, copy);
            SqliteRows.load(connection, copy, tally);
            long newest = Math.max(tally.newest(), atLeast);
            SqliteFile.write(connection, tally.at(newest).compactedAt(newest));
            connection.commit();
        } catch (SQLException e) {
            throw SqliteFile.failed("reading", copy, e);
        }
        return exchange(copy, folder);
    }

    /// As far as the replaced state still tells.
    private static long newest(Path folder) {
        if (!Files.exists(SqliteFile.in(folder))) {
            return 0;
        }
        try {
            OptionalLong acknowledged = Witness.read(folder);
            if (acknowledged.isPresent()) {
                return acknowledged.getAsLong();
            }
            try (Connection connection = SqliteFile.open(folder)) {
                return SqliteFile.tally(connection, folder).newest();
            }
        } catch (StoreException | SQLException damaged) {
            return 0; // the gap that follows a start without a witness is all there is then
        }
    }

    private static Path exchange(Path copy, Path folder) {
        Path aside = free(folder);
        try {
            Files.deleteIfExists(copy.resolve("pid"));
            if (Files.exists(folder)) {
                Files.move(folder, aside, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(copy, folder, StandardCopyOption.ATOMIC_MOVE);
            return aside;
        } catch (IOException e) {
            throw new StoreException(
                    "replacing " + folder + " failed: " + e + "; what was there may be in " + aside, e);
        }
    }

    private static Path free(Path folder) {
        return Stream.iterate(1, n -> n + 1)
                .map(n -> folder.resolveSibling(folder.getFileName() + ".replaced-" + n))
                .filter(path -> !Files.exists(path))
                .findFirst()
                .orElseThrow();
    }
}
