package dev.fairway.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one writer. Transactions that wait while the disk works are decided and made durable together, so the price of
/// one sync is shared; each is answered after the sync.
///
/// Fail-stop: after a failed write nobody knows what the disk holds, so every later commit is refused. A full disk is
/// no
/// such failure: nothing was written, and the next commit tries again.
final class GroupCommit implements Writer {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int BATCH_LIMIT = 512;

    private sealed interface Order {
        record Write(Store.Transaction transaction, CompletableFuture<Store.CommitResult> answer) implements Order {}

        record Stop() implements Order {}
    }

    private final RevisionIndex index;
    private final Engine engine;
    private final LinkedBlockingQueue<Order> orders = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final Object gate = new Object();
    private boolean closed;
    private Optional<StoreException> failure = Optional.empty();
    /// Commits out of the window whose leftovers the engine still holds. Only the writer's thread uses it.
    private final List<Commit> forgotten = new ArrayList<>();

    GroupCommit(RevisionIndex index, Engine engine) {
        this.index = index;
        this.engine = engine;
        this.thread = Thread.ofPlatform().name("store-writer").daemon().start(this::run);
    }

    @Override
    public Store.CommitResult commit(Store.Transaction transaction) {
        CompletableFuture<Store.CommitResult> answer = new CompletableFuture<>();
        synchronized (gate) {
            if (closed) {
                throw new StoreException("the store is closed");
            }
            orders.add(new Order.Write(transaction, answer));
        }
        try {
            return answer.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof StoreException failed
                    ? new StoreException(failed.meaning(), failed.text(), failed)
                    : new StoreException("committing failed: " + cause, e);
        }
    }

    /// Finishes what was asked before, then stops the writer.
    @Override
    public void close() {
        synchronized (gate) {
            if (closed) {
                return;
            }
            closed = true;
            orders.add(new Order.Stop());
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<Order> batch = new ArrayList<>();
        boolean running = true;
        while (running) {
            try {
                batch.add(orders.take());
            } catch (InterruptedException e) {
                continue; // nobody else has this thread; only Stop ends it
            }
            orders.drainTo(batch, BATCH_LIMIT - 1);
            List<Order.Write> writes = new ArrayList<>();
            for (Order order : batch) {
                switch (order) {
                    case Order.Write write -> writes.add(write);
                    case Order.Stop _ -> running = false;
                }
            }
            write(writes);
            batch.clear();
        }
    }

    private void write(List<Order.Write> writes) {
        try {
            if (failure.isPresent()) {
                throw failure.get();
            }
            Draft draft = new Draft(index);
            List<Store.CommitResult> results = writes.stream()
                    .map(write -> draft.decide(write.transaction))
                    .toList();
            if (!draft.commits().isEmpty()) {
                engine.append(draft.commits(), forgotten);
                forgotten.clear();
                forgotten.addAll(index.apply(draft.commits()));
            }
            for (int i = 0; i < writes.size(); i++) {
                writes.get(i).answer.complete(results.get(i));
            }
        } catch (RuntimeException | Error e) {
            fail(e);
            writes.forEach(write -> write.answer.completeExceptionally(e));
        }
    }

    private void fail(Throwable cause) {
        boolean onlyFull = cause instanceof StoreException known && known.meaning() == StoreException.Meaning.FULL;
        if (onlyFull) {
            LOG.warn("a write found no space: {}", cause.getMessage());
        } else if (failure.isEmpty()) {
            LOG.error("the store accepts no more writes", cause);
            failure = Optional.of(
                    new StoreException("the store accepts no more writes since: " + cause.getMessage(), cause));
        }
    }
}
