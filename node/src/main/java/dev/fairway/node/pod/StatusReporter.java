package dev.fairway.node.pod;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes pod states to the API, for pod loops that must not wait for it. Of each pod only the newest state is kept, so
/// an API that is away for long costs nothing but memory for one state per pod.
final class StatusReporter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatusReporter.class);
    private static final Duration RETRY_MAX = Duration.ofSeconds(10);

    /// @param last the pod object is deleted for good after this
    private record Report(PodSpec pod, ObjectNode status, boolean last) {}

    private final ApiClient client;
    private final Map<String, Report> waiting = new LinkedHashMap<>();
    private final Thread writer;
    private boolean closed;

    private StatusReporter(ApiClient client, String node) {
        this.client = client;
        this.writer = Thread.ofVirtual().name("pod-status-" + node).unstarted(this::writeAll);
    }

    static StatusReporter start(ApiClient client, String node) {
        StatusReporter reporter = new StatusReporter(client, node);
        reporter.writer.start();
        return reporter;
    }

    /// The pod's state is now `status`.
    void report(PodSpec pod, ObjectNode status) {
        put(new Report(pod, status, false));
    }

    /// The pod has ended and left nothing on the node: its object can go.
    void finish(PodSpec pod, ObjectNode status) {
        put(new Report(pod, status, true));
    }

    private synchronized void put(Report report) {
        waiting.put(report.pod().uid(), report);
        notifyAll();
    }

    private void writeAll() {
        long pauseMillis = 100;
        while (true) {
            try {
                Report report = take();
                write(report);
                pauseMillis = 100;
            } catch (InterruptedException over) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("cannot report pod states, next try in {} ms: {}", pauseMillis, e.toString());
                if (!pause(pauseMillis)) {
                    return;
                }
                pauseMillis = Math.min(pauseMillis * 2, RETRY_MAX.toMillis());
            }
        }
    }

    private synchronized Report take() throws InterruptedException {
        while (waiting.isEmpty()) {
            if (closed) {
                throw new InterruptedException();
            }
            wait();
        }
        String first = waiting.keySet().iterator().next();
        Report report = waiting.remove(first);
        if (report == null) {
            throw new IllegalStateException("the queue lost the report of pod " + first);
        }
        return report;
    }

    private void write(Report report) {
        try {
            patch(report);
            if (report.last()) {
                client.delete(
                        Resource.PODS,
                        report.pod().namespace(),
                        report.pod().name(),
                        new DeleteOptions(0, report.pod().uid(), ""));
            }
        } catch (ApiException e) {
            boolean gone = e.isNotFound() || e.isConflict();
            boolean refused = e.code() >= 400 && e.code() < 500 && e.code() != 429;
            if (!gone && refused) {
                LOG.warn("state of pod {} is refused: {}", report.pod().key(), e.text());
            }
            if (!refused) {
                putBack(report);
                throw e;
            }
        } catch (RuntimeException e) {
            putBack(report);
            throw e;
        }
    }

    private void patch(Report report) {
        ObjectNode patch = Json.object();
        patch.putObject("metadata").put("uid", report.pod().uid());
        patch.set("status", report.status());
        client.patch(Resource.PODS, report.pod().namespace(), report.pod().name(), "status", patch);
    }

    private synchronized void putBack(Report report) {
        waiting.putIfAbsent(report.pod().uid(), report);
    }

    private synchronized boolean pause(long millis) {
        try {
            long end = System.nanoTime() + millis * 1_000_000;
            long left = millis;
            while (!closed && left > 0) {
                wait(left);
                left = (end - System.nanoTime()) / 1_000_000;
            }
            return !closed;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /// Writes what waits, if the API takes it at once, and ends.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            if (!writer.join(Duration.ofSeconds(2))) {
                writer.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
