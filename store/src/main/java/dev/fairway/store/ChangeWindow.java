package dev.fairway.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// The newest commits, for watches that start in the past and for lists at an older revision. Not thread-safe.
final class ChangeWindow {

    /// Commits that age takes away with one new commit at most, so that no commit pays for many.
    private static final int AGED_PER_COMMIT = 64;

    /// What is kept: commits younger than `age`, and of those no more than `events` and `bytes`.
    record Bounds(int events, long bytes, Duration age) {
        static final Bounds USUAL = new Bounds(50_000, 24L << 20, Duration.ofMinutes(5));
    }

    private record Kept(Commit commit, long sinceNanos) {}

    private final Bounds bounds;
    private final NavigableMap<Long, Kept> commits = new TreeMap<>();
    private long oldest;
    private int events;
    private long bytes;

    /// @param oldest the revision before the first commit that will be added
    ChangeWindow(Bounds bounds, long oldest) {
        this.bounds = bounds;
        this.oldest = oldest;
    }

    /// The oldest revision whose state can be rebuilt and after which every change is known.
    long oldest() {
        return oldest;
    }

    /// Adds the newest commit and returns those that are forgotten for it.
    ///
    /// @param nowNanos the time by a clock that never goes back
    List<Commit> add(Commit commit, long nowNanos) {
        commits.put(commit.revision(), new Kept(commit, nowNanos));
        events += commit.events().size();
        bytes += commit.bytes();
        List<Commit> forgotten = new ArrayList<>();
        while (commits.size() > 1 && (isOverfull() || (isOver(nowNanos) && forgotten.size() < AGED_PER_COMMIT))) {
            Commit gone = commits.pollFirstEntry().getValue().commit;
            oldest = gone.revision();
            events -= gone.events().size();
            bytes -= gone.bytes();
            forgotten.add(gone);
        }
        return forgotten;
    }

    private boolean isOverfull() {
        return events > bounds.events || bytes > bounds.bytes;
    }

    private boolean isOver(long nowNanos) {
        return nowNanos - commits.firstEntry().getValue().sinceNanos > bounds.age.toNanos();
    }

    /// Forgets everything and goes on after `revision`.
    void restart(long revision) {
        commits.clear();
        oldest = revision;
        events = 0;
        bytes = 0;
    }

    /// Changes after `revision` under `prefix`; stops at the first commit that reaches `atLeast` events.
    List<Store.Event> after(long revision, String prefix, int atLeast) {
        List<Store.Event> found = new ArrayList<>();
        for (Kept kept : commits.tailMap(revision, false).values()) {
            for (Store.Event event : kept.commit.events()) {
                if (event.now().key().startsWith(prefix)) {
                    found.add(event);
                }
            }
            if (found.size() >= atLeast) {
                break;
            }
        }
        return found;
    }

    /// What stood at `revision` under the keys that changed since; empty where the key did not exist.
    Map<String, Optional<Store.Entry>> undone(long revision, String prefix) {
        Map<String, Optional<Store.Entry>> before = new HashMap<>();
        for (Kept kept : commits.tailMap(revision, false).values()) {
            for (Store.Event event : kept.commit.events()) {
                if (event.now().key().startsWith(prefix)) {
                    before.putIfAbsent(event.now().key(), event.before());
                }
            }
        }
        return before;
    }
}
