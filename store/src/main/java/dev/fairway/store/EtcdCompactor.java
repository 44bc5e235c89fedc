package dev.fairway.store;

import dev.fairway.store.etcd.Etcd;
import dev.fairway.store.etcd.KeyValue;
import dev.fairway.store.etcd.Range;
import dev.fairway.store.etcd.RpcException;
import dev.fairway.store.etcd.Txn;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets etcd forget old history. All servers try at the same pace; the one whose transaction finds the record as it was
/// a period ago compacts to the revision of then, so history of one to two periods is always there.
final class EtcdCompactor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdCompactor.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Etcd etcd;
    private final EtcdKeys keys;
    private final Duration period;
    private final CountDownLatch closed = new CountDownLatch(1);
    /// How often the record was written, and etcd's revision, both a period ago.
    private long version;
    private long revision;

    private EtcdCompactor(Etcd etcd, EtcdKeys keys, Duration period) {
        this.etcd = etcd;
        this.keys = keys;
        this.period = period;
    }

    static EtcdCompactor start(Etcd etcd, EtcdKeys keys, Duration period) {
        EtcdCompactor compactor = new EtcdCompactor(etcd, keys, period);
        Thread.ofVirtual().name("etcd compaction").start(compactor::run);
        return compactor;
    }

    private void run() {
        try {
            do {
                try {
                    step();
                } catch (RpcException e) {
                    LOG.warn("history was not compacted, next try in {}: {}", period, e.text());
                    revision = 0;
                }
            } while (!closed.await(period.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() throws RpcException, InterruptedException {
        if (revision > 1) {
            Txn txn = new Txn()
                    .ifVersion(keys.compacted(), version)
                    .put(keys.compacted(), Long.toString(revision).getBytes(StandardCharsets.UTF_8));
            if (etcd.commit(txn, PATIENCE).done()) {
                etcd.compact(revision, PATIENCE);
                LOG.info("etcd forgets what was before revision {}", revision);
            }
        }
        Range record = etcd.range(keys.compacted(), "", 0, 0, PATIENCE);
        version = record.keys().stream().mapToLong(KeyValue::version).max().orElse(0);
        revision = record.revision();
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
