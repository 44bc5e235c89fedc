package dev.fairway.control.loop;

import dev.fairway.control.loop.Controller.RetryDelays;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Keys to work on: each waits at most once, is never worked on by two threads, comes back if it was added meanwhile,
/// and
/// waits longer after each failure.
final class WorkQueue {

    private record Later(Instant due, WorkKey key) {}

    private final Clock clock;
    private final RetryDelays delays;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final LinkedHashSet<WorkKey> ready = new LinkedHashSet<>();
    private final Set<WorkKey> active = new HashSet<>();
    private final Set<WorkKey> addedWhileActive = new HashSet<>();
    private final PriorityQueue<Later> later = new PriorityQueue<>(Comparator.comparing(Later::due));
    private final Map<WorkKey, Instant> earliest = new HashMap<>();
    private final Map<WorkKey, Integer> failures = new HashMap<>();

    WorkQueue(Clock clock, RetryDelays delays) {
        this.clock = clock;
        this.delays = delays;
    }

    void add(WorkKey key) {
        locked(() -> addNow(key));
    }

    void addAfter(WorkKey key, Duration delay) {
        locked(() -> plan(clock.instant().plus(delay), key));
    }

    /// Adds the key after a delay that doubles with every failure in a row.
    void retry(WorkKey key) {
        retry(key, delays);
    }

    /// The same for a decision that rested on an old state: the new one is on its way.
    void retryStale(WorkKey key) {
        retry(key, RetryDelays.DEFAULT);
    }

    private void retry(WorkKey key, RetryDelays between) {
        locked(() -> {
            int count = failures.merge(key, 1, Integer::sum);
            Duration delay = between.first().multipliedBy(1L << Math.min(count - 1, 20));
            Duration bounded = delay.compareTo(between.last()) < 0 ? delay : between.last();
            plan(clock.instant().plus(bounded), key);
        });
    }

    /// The key went well: its next failure starts with the shortest delay again.
    void forgive(WorkKey key) {
        locked(() -> failures.remove(key));
    }

    /// Waits for a key that is due and takes it; the caller must say {@link #done}.
    WorkKey take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Duration wait = moveDue();
                if (!ready.isEmpty()) {
                    WorkKey key = ready.removeFirst();
                    active.add(key);
                    return key;
                }
                long left = changed.awaitNanos(wait.toNanos());
                assert left <= wait.toNanos();
            }
        } finally {
            lock.unlock();
        }
    }

    void done(WorkKey key) {
        locked(() -> {
            active.remove(key);
            if (addedWhileActive.remove(key)) {
                ready.add(key);
            }
        });
    }

    /// Looks at the clock again: after a jump of the clock more keys may be due.
    void wake() {
        locked(() -> {});
    }

    /// True while nothing is due or being worked on.
    boolean isIdle() {
        lock.lock();
        try {
            Duration wait = moveDue();
            return ready.isEmpty() && active.isEmpty() && wait.isPositive();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void addNow(WorkKey key) {
        if (active.contains(key)) {
            addedWhileActive.add(key);
        } else {
            ready.add(key);
        }
    }

    /// A key waits for one moment only, the earliest; an entry of the queue for a later one is void.
    private void plan(Instant due, WorkKey key) {
        Instant planned = earliest.get(key);
        if (planned == null || due.isBefore(planned)) {
            earliest.put(key, due);
            later.add(new Later(due, key));
        }
    }

    /// @return the time until the next key is due
    private Duration moveDue() {
        Instant now = clock.instant();
        Later next = later.peek();
        while (next != null && !next.due().isAfter(now)) {
            later.remove();
            if (earliest.remove(next.key(), next.due())) {
                addNow(next.key());
            }
            next = later.peek();
        }
        return next == null ? Duration.ofHours(1) : Duration.between(now, next.due());
    }
}
