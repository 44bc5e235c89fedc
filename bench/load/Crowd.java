package dev.fairway.bench;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Many watchers of the Services, and when each of them sees an event.
final class Crowd {

    private static final byte[] NAME = "\"name\":\"watched-".getBytes(StandardCharsets.US_ASCII);

    private static final int OPENING = 16;

    private final int size;
    private final Map<Integer, Long> acknowledged = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<long[]> seen = new ConcurrentLinkedQueue<>();
    private final AtomicInteger events = new AtomicInteger();

    private Crowd(int size) {
        this.size = size;
    }

    /// Opens the watches; returns when all of them stand.
    static Crowd open(Api api, int size, String accept) throws InterruptedException {
        Crowd crowd = new Crowd(size);
        String path = "/api/v1/services?watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan";
        // A few at a time: a thousand handshakes at once only measure each other.
        Load.run(OPENING, size, i -> api.open(HttpMethod.GET, path, accept, Buffer.buffer())
                .onSuccess(response -> response.handler(crowd::take)));
        return crowd;
    }

    private void take(Buffer chunk) {
        long now = System.nanoTime();
        byte[] bytes = chunk.getBytes();
        for (int at = 0; at + NAME.length < bytes.length; at++) {
            if (bytes[at] == '"' && Arrays.equals(bytes, at, at + NAME.length, NAME, 0, NAME.length)) {
                int number = 0;
                for (int digit = at + NAME.length; bytes[digit] >= '0' && bytes[digit] <= '9'; digit++) {
                    number = number * 10 + bytes[digit] - '0';
                }
                seen.add(new long[] {number, now});
                events.incrementAndGet();
            }
        }
    }

    /// @param p50Millis from the acknowledgement of a write to the sight of its event
    record Latency(double p50Millis, double p99Millis, int events) {}

    /// Creates Services at a steady pace and waits until everybody has seen all of them.
    Latency watch(Api api, int creations, int pauseMillis) throws InterruptedException {
        System.gc(); // with a young generation as large as the script gives, no pause of the client's own is measured
        int before = acknowledged.size();
        seen.clear();
        events.set(0);
        for (int i = 0; i < creations; i++) {
            int number = before + i;
            api.createService("watched-" + number).onComplete(done -> acknowledged.put(number, System.nanoTime()));
            TimeUnit.MILLISECONDS.sleep(pauseMillis);
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (events.get() < size * creations && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        if (events.get() < size * creations) {
            throw new IllegalStateException("only " + events.get() + " of " + size * creations + " events were seen");
        }
        long[] nanos = seen.stream()
                .filter(event -> acknowledged.containsKey((int) event[0]))
                .mapToLong(event -> event[1] - acknowledged.get((int) event[0]))
                .toArray();
        return new Latency(Load.percentile(nanos, 50) / 1e6, Load.percentile(nanos, 99) / 1e6, nanos.length);
    }
}
