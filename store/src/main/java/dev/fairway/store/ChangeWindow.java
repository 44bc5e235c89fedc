package dev.fairway.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// The newest commits, for watches that start in the past and for lists at an older revision. Not thread-safe.
final class ChangeWindow {

    /// What is kept at most; older commits are forgotten first.
    record Bounds(int events, long bytes) {
        static final Bounds USUAL = new Bounds(50_000, 256L << 20);
    }

    private final Bounds bounds;
    private final NavigableMap<Long, Commit> commits = new TreeMap<>();
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

    void add(Commit commit) {
        commits.put(commit.revision(), commit);
        events += commit.events().size();
        bytes += commit.bytes();
        while ((events > bounds.events || bytes > bounds.bytes) && commits.size() > 1) {
            Commit gone = commits.pollFirstEntry().getValue();
            oldest = gone.revision();
            events -= gone.events().size();
            bytes -= gone.bytes();
        }
    }

    /// Changes after `revision` under `prefix`; stops at the first commit that reaches `atLeast` events.
    List<Store.Event> after(long revision, String prefix, int atLeast) {
        List<Store.Event> found = new ArrayList<>();
        for (Commit commit : commits.tailMap(revision, false).values()) {
            for (Store.Event event : commit.events()) {
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
        for (Commit commit : commits.tailMap(revision, false).values()) {
            for (Store.Event event : commit.events()) {
                if (event.now().key().startsWith(prefix)) {
                    before.putIfAbsent(event.now().key(), event.before());
                }
            }
        }
        return before;
    }
}
