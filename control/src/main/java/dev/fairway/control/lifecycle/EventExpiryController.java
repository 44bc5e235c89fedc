package dev.fairway.control.lifecycle;

import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Removes Events an hour after they were last heard of.
public final class EventExpiryController implements Controller {

    private static final WorkKey ALL = new WorkKey(Resource.EVENTS, "", "");
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final Duration life;

    public EventExpiryController(Duration life) {
        this.life = life;
    }

    @Override
    public String name() {
        return "event-expiry-controller";
    }

    @Override
    public List<Trigger> triggers() {
        return List.of(Trigger.readOnly(Resource.EVENTS));
    }

    @Override
    public List<WorkKey> fixedKeys() {
        return List.of(ALL);
    }

    @Override
    public int workers() {
        return 1;
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        List<Write> out = new ArrayList<>();
        for (ObjectNode event : snapshot.list(Resource.EVENTS, "")) {
            if (!lastHeard(event).plus(life).isAfter(now)) {
                out.add(Write.Delete.of(Resource.EVENTS, event));
            }
        }
        return Decision.of("events that are old", out).againAfter(PERIOD);
    }

    private static Instant lastHeard(JsonNode event) {
        return Stream.of(
                        Times.find(event, "series", "lastObservedTime"),
                        Times.find(event, "lastTimestamp"),
                        Times.find(event, "eventTime"),
                        Optional.of(Times.created(event)))
                .flatMap(Optional::stream)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }
}
