package dev.fairway.store;

import dev.fairway.store.etcd.Etcd;
import dev.fairway.store.etcd.KeyValue;
import dev.fairway.store.etcd.Range;
import dev.fairway.store.etcd.RpcException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Reads a whole state from etcd, all of it as of one revision.
final class EtcdLoad {

    private static final int PAGE = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Etcd etcd;
    private final EtcdKeys keys;

    EtcdLoad(Etcd etcd, EtcdKeys keys) {
        this.etcd = etcd;
        this.keys = keys;
    }

    /// The oldest state from which all later changes can still be heard, so that clients of a server that starts anew
    /// may go on where they were.
    Engine.Loaded oldest() throws RpcException, InterruptedException {
        Range record = etcd.range(keys.compacted(), "", 0, 0, PATIENCE);
        long compacted = record.keys().stream()
                .map(KeyValue::valueText)
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0);
        if (compacted <= 1) {
            return new Engine.Loaded(1, List.of(), List.of());
        }
        try {
            return at(compacted);
        } catch (RpcException e) {
            if (e.isOutage()) {
                throw e;
            }
            return newest(); // somebody else compacted further
        }
    }

    Engine.Loaded newest() throws RpcException, InterruptedException {
        return at(0);
    }

    private Engine.Loaded at(long wanted) throws RpcException, InterruptedException {
        List<Store.Entry> entries = new ArrayList<>();
        String from = keys.start();
        long revision = wanted;
        boolean more = true;
        while (more) {
            Range page = etcd.range(from, keys.end(), PAGE, revision, PATIENCE);
            revision = revision == 0 ? page.revision() : revision;
            page.keys().stream().map(keys::entry).forEach(entries::add);
            more = page.more();
            from = page.keys().isEmpty() ? from : page.keys().getLast().key() + "\0";
        }
        return new Engine.Loaded(revision, entries, List.of());
    }
}
