package dev.fairway.node.pod;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Times;
import dev.fairway.schema.client.ApiClient;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Tells the API what happens to pods, as Events. Nobody waits for it: one thread writes, a full queue drops the newest
/// (events are hints, states are in the pod's status). Equal happenings of a pod become one Event with a count.
final class PodEvents implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PodEvents.class);
    private static final int QUEUE_LENGTH_MAX = 2_000;
    private static final int REMEMBERED_MAX = 4_000;

    /// What an event is about; `container` is empty when it concerns the pod as a whole.
    private record Happening(PodSpec pod, String container, String type, String reason, String message) {
        String identity() {
            return pod.uid() + "/" + container + "/" + reason + "/" + message;
        }
    }

    private record Written(ObjectKey key, int count) {}

    private final ApiClient client;
    private final String node;
    private final Clock clock;
    private final BlockingQueue<Happening> queue = new ArrayBlockingQueue<>(QUEUE_LENGTH_MAX);
    private final AtomicLong numbers;
    private final Thread writer;
    private final Map<String, Written> written = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Written> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    private PodEvents(ApiClient client, String node, Clock clock) {
        this.client = client;
        this.node = node;
        this.clock = clock;
        this.numbers = new AtomicLong(clock.millis() << 12);
        this.writer = Thread.ofVirtual().name("pod-events-" + node).unstarted(this::writeAll);
    }

    static PodEvents start(ApiClient client, String node, Clock clock) {
        PodEvents events = new PodEvents(client, node, clock);
        events.writer.start();
        return events;
    }

    void normal(PodSpec pod, String container, String reason, String message) {
        tell(new Happening(pod, container, "Normal", reason, message));
    }

    void warning(PodSpec pod, String container, String reason, String message) {
        tell(new Happening(pod, container, "Warning", reason, message));
    }

    private void tell(Happening happening) {
        if (!queue.offer(happening)) {
            LOG.debug("event dropped, the queue is full: {}", happening.identity());
        }
    }

    private void writeAll() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                write(queue.take());
            } catch (InterruptedException closed) {
                return;
            } catch (ApiException refused) {
                LOG.debug("event refused: {}", refused.text());
            } catch (RuntimeException e) {
                LOG.warn("cannot write an event", e);
            }
        }
    }

    private void write(Happening happening) {
        Written before = written.get(happening.identity());
        if (before == null) {
            ObjectNode made = client.create(Resource.EVENTS, event(happening));
            written.put(happening.identity(), new Written(dev.fairway.schema.Meta.key(made), 1));
            return;
        }
        int count = before.count() + 1;
        ObjectNode patch = Json.object().put("count", count).put("lastTimestamp", now());
        try {
            client.patch(Resource.EVENTS, before.key().namespace(), before.key().name(), "", patch);
            written.put(happening.identity(), new Written(before.key(), count));
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            written.remove(happening.identity());
            write(happening);
        }
    }

    private ObjectNode event(Happening happening) {
        PodSpec pod = happening.pod();
        ObjectNode event = Json.object().put("apiVersion", "v1").put("kind", "Event");
        event.putObject("metadata")
                .put("name", pod.name() + "." + Long.toHexString(numbers.incrementAndGet()))
                .put("namespace", pod.namespace());
        ObjectNode about = event.putObject("involvedObject")
                .put("apiVersion", "v1")
                .put("kind", "Pod")
                .put("namespace", pod.namespace())
                .put("name", pod.name())
                .put("uid", pod.uid());
        if (!happening.container().isEmpty()) {
            about.put("fieldPath", fieldPath(pod, happening.container()));
        }
        event.put("type", happening.type())
                .put("reason", happening.reason())
                .put("message", happening.message())
                .put("count", 1)
                .put("firstTimestamp", now())
                .put("lastTimestamp", now())
                .put("reportingComponent", "fairway-node")
                .put("reportingInstance", node);
        event.putObject("source").put("component", "fairway-node").put("host", node);
        return event;
    }

    private static String fieldPath(PodSpec pod, String container) {
        boolean init =
                pod.initContainers().stream().anyMatch(each -> each.name().equals(container));
        return (init ? "spec.initContainers{" : "spec.containers{") + container + "}";
    }

    private String now() {
        return Times.toText(clock.instant());
    }

    @Override
    public void close() {
        writer.interrupt();
    }
}
