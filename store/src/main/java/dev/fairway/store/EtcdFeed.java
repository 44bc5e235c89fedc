package dev.fairway.store;

import dev.fairway.store.etcd.Etcd;
import dev.fairway.store.etcd.KeyValue;
import dev.fairway.store.etcd.Range;
import dev.fairway.store.etcd.RpcException;
import dev.fairway.store.etcd.WatchAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the index at etcd's state by one watch, which is opened again, from the revision after the last one seen,
/// whenever it ends, is cancelled, or falls silent although there is something to tell.
final class EtcdFeed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdFeed.class);
    private static final long PAUSE_MILLIS_MIN = 50;
    private static final long PAUSE_MILLIS_MAX = 1_000;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(2);

    private sealed interface Signal {
        record Answer(WatchAnswer answer) implements Signal {}

        record Ended(RpcException why) implements Signal {}

        record Renew() implements Signal {}

        record Close() implements Signal {}
    }

    private final Etcd etcd;
    private final EtcdKeys keys;
    private final EtcdNewest newest;
    private final RevisionIndex index;
    private volatile LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private volatile boolean closed;
    /// Up to here nothing of ours is missing, although the index may be older. Only the feed's thread uses it.
    private long quietUntil;

    private EtcdFeed(Etcd etcd, EtcdKeys keys, EtcdNewest newest, RevisionIndex index) {
        this.etcd = etcd;
        this.keys = keys;
        this.newest = newest;
        this.index = index;
    }

    static EtcdFeed start(Etcd etcd, EtcdKeys keys, EtcdNewest newest, RevisionIndex index) {
        EtcdFeed feed = new EtcdFeed(etcd, keys, newest, index);
        Thread.ofVirtual().name("etcd watch").start(feed::run);
        Thread.ofVirtual().name("etcd watch supervision").start(feed::supervise);
        return feed;
    }

    /// Waits until the index shows the revision; opens the watch again when it does not come.
    boolean await(long revision, Duration patience) throws InterruptedException {
        Duration half = patience.dividedBy(2);
        if (index.await(revision, half)) {
            return true;
        }
        LOG.warn("etcd is at revision {} and its watch is not: opening it again", revision);
        etcd.distrust();
        signals.add(new Signal.Renew());
        return index.await(revision, half);
    }

    private void run() {
        long pause = PAUSE_MILLIS_MIN;
        String problem = "";
        while (!closed) {
            try {
                long before = index.revision();
                follow();
                pause = index.revision() > before ? PAUSE_MILLIS_MIN : pause;
                problem = "";
            } catch (RpcException e) {
                if (!closed && !e.text().equals(problem)) {
                    problem = e.text();
                    LOG.warn("the watch of etcd ended and is opened again: {}", problem);
                }
            } catch (StoreException e) {
                LOG.warn("the watch of etcd is opened again: {}", e.getMessage());
            } catch (InterruptedException e) {
                return;
            }
            pause(pause);
            pause = Math.min(PAUSE_MILLIS_MAX, pause * 2);
        }
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() throws RpcException, InterruptedException {
        LinkedBlockingQueue<Signal> mine = new LinkedBlockingQueue<>();
        signals = mine;
        if (closed) {
            return;
        }
        long from = Math.max(index.revision(), quietUntil) + 1;
        try (Etcd.Watching _ = etcd.watch(
                keys.start(),
                keys.end(),
                from,
                EtcdNewest.PATIENCE,
                answer -> mine.add(new Signal.Answer(answer)),
                why -> mine.add(new Signal.Ended(why)))) {
            while (accept(mine.take())) {
                // each answer moves the index on
            }
        }
    }

    private boolean accept(Signal signal) throws RpcException, InterruptedException {
        return switch (signal) {
            case Signal.Close _, Signal.Renew _ -> false;
            case Signal.Ended(RpcException why) -> throw why;
            case Signal.Answer(WatchAnswer answer)
            when answer.compacted() > 0 -> {
                passOver(answer.compacted());
                yield false;
            }
            case Signal.Answer(WatchAnswer answer)
            when !answer.cancelled().isEmpty() -> {
                LOG.warn("etcd cancelled the watch: {}", answer.cancelled());
                etcd.distrust();
                yield false;
            }
            case Signal.Answer(WatchAnswer answer) -> {
                index.apply(commits(answer.changes()));
                yield true;
            }
        };
    }

    /// The changes before `compacted` are gone. If none of them was ours, nothing is lost.
    private void passOver(long compacted) throws RpcException, InterruptedException {
        Range record = etcd.range(keys.newest(), "", 0, compacted, EtcdNewest.PATIENCE);
        boolean missed = record.keys().stream().anyMatch(key -> key.revision() > index.revision());
        if (!missed) {
            quietUntil = compacted;
            return;
        }
        LOG.warn("etcd no longer has the changes after revision {}: reading everything again", index.revision());
        index.replace(new EtcdLoad(etcd, keys).newest());
    }

    /// A transaction's changes come together, in the order of revisions.
    private List<Commit> commits(List<WatchAnswer.Change> changes) {
        List<Commit> commits = new ArrayList<>();
        List<Store.Event> open = new ArrayList<>();
        Map<String, Optional<Store.Entry>> changed = new HashMap<>();
        for (WatchAnswer.Change change : changes) {
            long revision = change.key().revision();
            if (revision <= index.revision()) {
                continue;
            }
            if (!open.isEmpty() && open.getFirst().revision() != revision) {
                commits.add(new Commit(open.getFirst().revision(), open));
                open = new ArrayList<>();
            }
            String key = keys.bare(change.key().key());
            Optional<Store.Entry> before = changed.getOrDefault(key, index.get(key));
            Store.Event event = event(change, before);
            changed.put(key, event.deleted() ? Optional.empty() : Optional.of(event.now()));
            open.add(event);
        }
        if (!open.isEmpty()) {
            commits.add(new Commit(open.getFirst().revision(), open));
        }
        return commits;
    }

    private Store.Event event(WatchAnswer.Change change, Optional<Store.Entry> before) {
        KeyValue now = change.key();
        if (!change.deleted()) {
            return new Store.Event(false, keys.entry(now), before);
        }
        Store.Entry last = before.orElse(new Store.Entry(keys.bare(now.key()), new byte[0], 0, 0));
        Store.Entry gone = new Store.Entry(last.key(), last.value(), last.createRevision(), now.revision());
        return new Store.Event(true, gone, before);
    }

    /// A watch over a broken path says nothing, and neither does one with nothing to say: only a question tells.
    private void supervise() {
        while (!closed) {
            pause(LOOK_EVERY.toMillis());
            try {
                if (!closed) {
                    await(newest.read(), SILENCE_MAX);
                }
            } catch (StoreException e) {
                LOG.debug("etcd does not answer: {}", e.getMessage());
                signals.add(new Signal.Renew());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        signals.add(new Signal.Close());
    }
}
