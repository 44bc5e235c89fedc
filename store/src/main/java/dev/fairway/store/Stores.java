package dev.fairway.store;

import java.nio.file.Path;

/// Opens stores.
public final class Stores {

    private Stores() {}

    /// A store that is gone when it is closed.
    public static Store memory() {
        return new IndexedStore(new Engine.Memory(), ChangeWindow.Bounds.USUAL);
    }

    /// A store in `folder`, which is made when missing. One process at a time may have it open.
    ///
    /// @throws StoreException when the folder is in use, is no Fairway state, was written by a newer version, or
    ///     cannot be read
    public static Store sqlite(Path folder) {
        return new IndexedStore(SqliteEngine.open(folder), ChangeWindow.Bounds.USUAL);
    }
}
