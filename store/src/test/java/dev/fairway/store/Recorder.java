package dev.fairway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A listener that writes down what it hears and lets a test wait for it.
final class Recorder implements Store.WatchListener {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<Store.Event> events = new ArrayList<>();
    private final List<String> drops = new ArrayList<>();

    @Override
    public synchronized void changed(List<Store.Event> changes) {
        events.addAll(changes);
        notifyAll();
    }

    @Override
    public synchronized void dropped(String why) {
        drops.add(why);
        notifyAll();
    }

    synchronized List<Store.Event> events() {
        return List.copyOf(events);
    }

    synchronized List<Store.Event> await(int count) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (events.size() < count && System.nanoTime() < deadline) {
            wait(100);
        }
        assertThat(events).hasSizeGreaterThanOrEqualTo(count);
        return List.copyOf(events);
    }

    synchronized String awaitDrop() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (drops.isEmpty() && System.nanoTime() < deadline) {
            wait(100);
        }
        assertThat(drops).hasSize(1);
        return drops.getFirst();
    }
}
