package dev.fairway.api.http;

import io.vertx.core.http.HttpConnection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The open connections, and which of them do nothing. Those are closed after a while, and earlier when there are many:
/// the ones that have done nothing for longest go first. A connection with a request or a watch on it is never closed.
final class Connections {

    /// Go's server, that clients are used to, keeps an idle connection for so long.
    private static final long IDLE_MILLIS_MAX = TimeUnit.SECONDS.toMillis(90);

    /// So long may a new connection take to send its first whole request head, or any next one.
    private static final long FIRST_MILLIS_MAX = TimeUnit.SECONDS.toMillis(30);

    private static final int IDLE_MAX = 4_000;

    private final int idleMax;
    private final Map<HttpConnection, Usage> open = new ConcurrentHashMap<>();

    Connections() {
        this(IDLE_MAX);
    }

    Connections(int idleMax) {
        this.idleMax = idleMax;
    }

    /// How a connection is used.
    private static final class Usage {
        private final AtomicInteger requests = new AtomicInteger();
        private volatile boolean used;
        private volatile long sinceNanos = System.nanoTime();

        long idleMillis(long now) {
            return requests.get() > 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(now - sinceNanos);
        }

        boolean isOver(long now) {
            return idleMillis(now) > (used ? IDLE_MILLIS_MAX : FIRST_MILLIS_MAX);
        }
    }

    void opened(HttpConnection connection) {
        open.put(connection, new Usage());
        connection.closeHandler(closed -> open.remove(connection));
        if (open.size() > idleMax) {
            closeIdlest();
        }
    }

    void began(HttpConnection connection) {
        Usage usage = open.get(connection);
        if (usage != null) {
            usage.used = true;
            usage.requests.incrementAndGet();
        }
    }

    void ended(HttpConnection connection) {
        Usage usage = open.get(connection);
        if (usage != null) {
            usage.sinceNanos = System.nanoTime();
            usage.requests.decrementAndGet();
        }
    }

    int count() {
        return open.size();
    }

    /// Closes what has done nothing for too long. Called every few seconds.
    void sweep() {
        long now = System.nanoTime();
        open.forEach((connection, usage) -> {
            if (usage.isOver(now)) {
                connection.close();
            }
        });
    }

    /// Makes room for a while at once: a tenth of the idle ones, so that not every new connection has to search.
    private synchronized void closeIdlest() {
        if (open.size() <= idleMax) {
            return;
        }
        long now = System.nanoTime();
        List<HttpConnection> idlest = open.entrySet().stream()
                .filter(entry -> entry.getValue().idleMillis(now) >= 0)
                .sorted(Comparator.comparingLong(entry -> -entry.getValue().idleMillis(now)))
                .limit(Math.max(1, idleMax / 10))
                .map(Map.Entry::getKey)
                .toList();
        idlest.forEach(connection -> {
            open.remove(connection);
            connection.close();
        });
    }
}
