package dev.fairway.store;

import dev.fairway.store.etcd.EtcdConfig;
import java.nio.file.Path;

/// Opens stores.
public final class Stores {

    private Stores() {}

    /// A store that is gone when it is closed.
    public static Store memory() {
        return IndexedStore.over(new Engine.Memory(), ChangeWindow.Bounds.USUAL);
    }

    /// A store in `folder`, which is made when missing. One process at a time may have it open.
    ///
    /// @throws StoreException when the folder is in use, is no Fairway state, was written by a newer version, or
    ///     cannot be read
    public static Store sqlite(Path folder) {
        return IndexedStore.over(SqliteEngine.open(folder), ChangeWindow.Bounds.USUAL);
    }

    /// A store in etcd, which any number of processes may have open.
    ///
    /// @throws StoreException when etcd does not answer, or refuses the keys or the user
    public static Store etcd(EtcdConfig config) {
        return EtcdStore.open(config, ChangeWindow.Bounds.USUAL, ChangeWindow.Bounds.USUAL.age());
    }
}
