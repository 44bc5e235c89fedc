package dev.fairway.store;

import dev.fairway.store.etcd.Etcd;
import dev.fairway.store.etcd.KeyValue;
import dev.fairway.store.etcd.Range;
import dev.fairway.store.etcd.RpcException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks etcd, linearizably, for the revision of the newest commit. Those who ask while a question is on its way share
/// the next one: an answer to an earlier question could be older than their own beginning.
final class EtcdNewest {

    /// A client must hear within five seconds that etcd is gone.
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Etcd etcd;
    private final EtcdKeys keys;
    private final Object lock = new Object();
    private Optional<CompletableFuture<Long>> waiting = Optional.empty();
    private boolean asking;

    EtcdNewest(Etcd etcd, EtcdKeys keys) {
        this.etcd = etcd;
        this.keys = keys;
    }

    /// 0 when nothing was ever committed.
    long read() {
        CompletableFuture<Long> answer;
        synchronized (lock) {
            answer = waiting.orElseGet(CompletableFuture::new);
            waiting = Optional.of(answer);
            if (!asking) {
                asking = true;
                Thread.ofVirtual().name("etcd newest").start(this::askAll);
            }
        }
        try {
            return answer.get(PATIENCE.toMillis() + 500, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof StoreException known
                    ? new StoreException(known.meaning(), known.text(), known)
                    : new StoreException("reading the state failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new StoreException(
                    StoreException.Meaning.UNAVAILABLE,
                    "reading the state failed: etcd at " + etcd.current() + " does not answer",
                    e);
        } catch (InterruptedException e) {
            throw EtcdFailure.interrupted(e);
        }
    }

    private void askAll() {
        while (true) {
            CompletableFuture<Long> batch;
            synchronized (lock) {
                if (waiting.isEmpty()) {
                    asking = false;
                    return;
                }
                batch = waiting.get();
                waiting = Optional.empty();
            }
            ask(batch);
        }
    }

    private void ask(CompletableFuture<Long> batch) {
        try {
            Range range = etcd.range(keys.newest(), "", 0, 0, PATIENCE);
            batch.complete(
                    range.keys().stream().mapToLong(KeyValue::revision).max().orElse(0));
        } catch (RpcException e) {
            batch.completeExceptionally(EtcdFailure.reading(e));
        } catch (InterruptedException e) {
            batch.completeExceptionally(EtcdFailure.interrupted(e));
        } catch (RuntimeException e) {
            batch.completeExceptionally(e);
        }
    }
}
