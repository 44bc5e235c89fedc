package dev.fairway.store;

import dev.fairway.store.etcd.Etcd;
import dev.fairway.store.etcd.EtcdConfig;
import dev.fairway.store.etcd.RpcException;
import java.time.Duration;

/// Opens a store on etcd: the index is a copy that one watch keeps, writes and the question for the newest revision go
/// to etcd itself.
final class EtcdStore {

    private static final Duration START_PATIENCE = Duration.ofSeconds(30);

    private EtcdStore() {}

    /// @param compactEvery how much history etcd keeps at least
    static Store open(EtcdConfig config, ChangeWindow.Bounds bounds, Duration compactEvery) {
        Etcd etcd = Etcd.open(config);
        try {
            EtcdKeys keys = new EtcdKeys(config.prefix());
            EtcdNewest newest = new EtcdNewest(etcd, keys);
            RevisionIndex index = new RevisionIndex(new EtcdLoad(etcd, keys).oldest(), bounds);
            EtcdFeed feed = EtcdFeed.start(etcd, keys, newest, index);
            EtcdCompactor compactor = EtcdCompactor.start(etcd, keys, compactEvery);
            IndexedStore store = new IndexedStore(index, new EtcdWriter(etcd, keys, newest, index, feed), () -> {
                compactor.close();
                feed.close();
                etcd.close();
            });
            replay(store, feed, newest.read());
            return store;
        } catch (RpcException e) {
            etcd.close();
            throw EtcdFailure.reading(e);
        } catch (InterruptedException e) {
            etcd.close();
            throw EtcdFailure.interrupted(e);
        }
    }

    private static void replay(Store store, EtcdFeed feed, long revision) throws InterruptedException {
        if (!feed.await(revision, START_PATIENCE)) {
            store.close();
            throw new StoreException(
                    StoreException.Meaning.UNAVAILABLE,
                    "reading the state failed: etcd does not tell its changes up to revision " + revision);
        }
    }
}
