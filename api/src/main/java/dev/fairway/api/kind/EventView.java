package dev.fairway.api.kind;

import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Events of `events.k8s.io/v1`: those of the core group with other names for some fields (upstream
/// `pkg/apis/events/v1`).
final class EventView implements View {

    private static final Map<String, String> SHOWN = Map.of(
            "involvedObject", "regarding",
            "message", "note",
            "reportingComponent", "reportingController",
            "source", "deprecatedSource",
            "firstTimestamp", "deprecatedFirstTimestamp",
            "lastTimestamp", "deprecatedLastTimestamp",
            "count", "deprecatedCount");

    private static final Map<String, String> STORED =
            SHOWN.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    @Override
    public Resource stored() {
        return Resource.EVENTS;
    }

    @Override
    public ObjectNode show(ObjectNode stored) {
        return renamed(stored, Resource.EVENTS_V1, name -> SHOWN.getOrDefault(name, name));
    }

    @Override
    public ObjectNode store(ObjectNode shown) {
        return renamed(shown, Resource.EVENTS, name -> STORED.getOrDefault(name, name));
    }

    private static ObjectNode renamed(ObjectNode event, Resource resource, UnaryOperator<String> names) {
        ObjectNode out = Json.object().put("kind", resource.kind()).put("apiVersion", resource.apiVersion());
        event.properties().forEach(field -> {
            if (!out.has(field.getKey())) {
                out.set(names.apply(field.getKey()), field.getValue().deepCopy());
            }
        });
        return out;
    }
}
