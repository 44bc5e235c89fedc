package dev.fairway.control.loop;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Times;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes Events, and counts up those that are there.
final class EventWriter {

    private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);

    private final ApiClient client;
    private final String component;
    private final Clock clock;

    EventWriter(ApiClient client, String component, Clock clock) {
        this.client = client;
        this.component = component;
        this.clock = clock;
    }

    /// An event that cannot be written is logged and lost: work never waits for it.
    void write(Write.Announce said) {
        try {
            createOrCount(eventOf(said));
        } catch (ApiException e) {
            LOG.debug("cannot write event {} about {}: {}", said.reason(), Meta.key(said.about()), e.text());
        }
    }

    private void createOrCount(ObjectNode event) {
        try {
            client.create(Resource.EVENTS, event);
        } catch (ApiException e) {
            if (!e.isAlreadyExists()) {
                throw e;
            }
            client.get(Resource.EVENTS, Meta.namespace(event), Meta.name(event)).ifPresent(this::count);
        }
    }

    private void count(ObjectNode event) {
        ObjectNode change =
                Json.object().put("count", Tree.number(event, 1, "count") + 1).put("lastTimestamp", now());
        client.patch(Resource.EVENTS, Meta.namespace(event), Meta.name(event), "", change);
    }

    private String now() {
        return Times.toText(clock.instant());
    }

    private ObjectNode eventOf(Write.Announce said) {
        ObjectNode about = said.about();
        String namespace = Meta.namespace(about).isEmpty() ? "default" : Meta.namespace(about);
        String type = said.warning() ? "Warning" : "Normal";
        ObjectNode event = Json.object();
        Tree.makeObject(event, "metadata").put("namespace", namespace).put("name", said.eventName(component));
        event.set("involvedObject", reference(said.resource(), about));
        event.put("type", type)
                .put("reason", said.reason())
                .put("message", said.message())
                .put("count", 1)
                .put("firstTimestamp", now())
                .put("lastTimestamp", now())
                .put("reportingComponent", component)
                .put("reportingInstance", "");
        Tree.makeObject(event, "source").put("component", component);
        return event;
    }

    private static ObjectNode reference(Resource resource, ObjectNode about) {
        ObjectNode out = Json.object().put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        if (!Meta.namespace(about).isEmpty()) {
            out.put("namespace", Meta.namespace(about));
        }
        return out.put("name", Meta.name(about))
                .put("uid", Meta.uid(about))
                .put("resourceVersion", Meta.resourceVersion(about));
    }
}
