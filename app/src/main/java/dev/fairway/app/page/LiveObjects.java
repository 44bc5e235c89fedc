package dev.fairway.app.page;

import dev.fairway.picture.ClusterObjects;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.schema.client.Mirror;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The objects of the picture, followed only while somebody looks, and a little longer: whoever loads a page again
/// finds
/// them there.
final class LiveObjects implements AutoCloseable {

    private static final List<Resource> KINDS = List.of(
            Resource.NODES, Resource.PODS, Resource.SERVICES, Resource.ENDPOINT_SLICES, Resource.NETWORK_POLICIES);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LINGER = Duration.ofSeconds(30);

    private final ApiClient client;
    private List<Mirror> mirrors = List.of();
    private int watchers;
    private long visits;
    private long revision;

    LiveObjects(ApiClient client) {
        this.client = client;
    }

    /// One who looks; some time after the last has closed it the watches end.
    final class Watch implements AutoCloseable {

        private final List<Mirror> followed;

        private Watch(List<Mirror> followed) {
            this.followed = followed;
        }

        /// Waits until something is newer than `seen`.
        ///
        /// @return the newest revision, `seen` when the time is over
        long awaitBeyond(long seen, Duration limit) throws InterruptedException {
            long end = System.nanoTime() + limit.toNanos();
            synchronized (LiveObjects.this) {
                long left = limit.toMillis();
                while (revision == seen && left > 0) {
                    LiveObjects.this.wait(left);
                    left = Duration.ofNanos(end - System.nanoTime()).toMillis();
                }
                return revision;
            }
        }

        long revision() {
            synchronized (LiveObjects.this) {
                return revision;
            }
        }

        ClusterObjects objects() {
            return new ClusterObjects(of(0), of(1), of(2), of(3), of(4));
        }

        private List<ObjectNode> of(int kind) {
            return List.copyOf(followed.get(kind).objects().values());
        }

        @Override
        public void close() {
            leave();
        }
    }

    /// @throws ApiException when the objects cannot be had for now: a part of them would be a wrong picture
    Watch watch() {
        List<Mirror> followed;
        synchronized (this) {
            watchers++;
            visits++;
            if (mirrors.isEmpty()) {
                mirrors = KINDS.stream()
                        .map(kind -> Mirror.start(client, kind, "", Selection.ALL, (key, before, now) -> changed()))
                        .toList();
            }
            followed = mirrors;
        }
        for (Mirror mirror : followed) {
            if (!mirror.awaitSynced(PATIENCE)) {
                leave();
                String why = mirror.problem()
                        .orElse("not listed yet: " + mirror.resource().plural());
                throw new ApiException(503, "ServiceUnavailable", why);
            }
        }
        return new Watch(followed);
    }

    private synchronized void changed() {
        revision++;
        notifyAll();
    }

    private synchronized void leave() {
        watchers--;
        if (watchers == 0) {
            long last = visits;
            Thread.ofVirtual().name("page lingers").start(() -> endAfter(last));
        }
    }

    /// Unless somebody has come since.
    private void endAfter(long visit) {
        try {
            Thread.sleep(LINGER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            if (watchers == 0 && visits == visit) {
                close();
            }
        }
    }

    /// Whoever looks on sees nothing new any more.
    @Override
    public synchronized void close() {
        mirrors.forEach(Mirror::close);
        mirrors = List.of();
    }
}
