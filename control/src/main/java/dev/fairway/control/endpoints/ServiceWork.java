package dev.fairway.control.endpoints;

import dev.fairway.control.Indexes;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Which Services a change concerns.
final class ServiceWork {

    private static final String HEADLESS = "service.kubernetes.io/headless";

    /// Somebody else who keeps changing the same object must not make a controller run hot.
    static final Duration FOREIGN_CHANGE_DELAY = Duration.ofSeconds(1);

    private ServiceWork() {}

    /// A selector, even an empty one, asks for endpoints; ExternalName never has any.
    static boolean hasSelectedEndpoints(JsonNode service) {
        return Tree.has(service, "spec", "selector")
                && !Tree.text(service, "spec", "type").equals("ExternalName")
                && !Meta.isBeingDeleted(service);
    }

    /// The Service's labels, with the mark of a Service without address.
    static SortedMap<String, String> labelsOf(JsonNode service) {
        SortedMap<String, String> out = new TreeMap<>(Meta.labels(service));
        out.remove(HEADLESS);
        String address = Tree.text(service, "spec", "clusterIP");
        if (address.isEmpty() || address.equals("None")) {
            out.put(HEADLESS, "");
        }
        return out;
    }

    /// The Services that chose the pod before or choose it now.
    static Collection<WorkKey> ofPod(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        Set<WorkKey> out = new LinkedHashSet<>();
        Stream.concat(before.stream(), now.stream())
                .flatMap(pod -> Indexes.servicesSelecting(snapshot, pod).stream())
                .forEach(service -> out.add(WorkKey.of(Resource.SERVICES, service)));
        return out;
    }

    static Collection<WorkKey> ofSlice(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        Set<WorkKey> out = new LinkedHashSet<>();
        Stream.concat(before.stream(), now.stream())
                .map(slice -> Tree.text(slice, "metadata", "labels", Indexes.SERVICE_NAME))
                .filter(name -> !name.isEmpty())
                .forEach(name -> out.add(new WorkKey(Resource.SERVICES, key.namespace(), name)));
        return out;
    }

    /// Only a node's appearance or its zone matters to endpoints, not its heartbeat; where zones get their share, its
    /// readiness and CPU too.
    static Collection<WorkKey> ofNode(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        Set<WorkKey> out = new LinkedHashSet<>();
        if (!before.map(ZoneShares::factsOf).equals(now.map(ZoneShares::factsOf))) {
            snapshot.list(Resource.SERVICES, "").stream()
                    .filter(ZoneHints::areAskedFor)
                    .forEach(service -> out.add(WorkKey.of(Resource.SERVICES, service)));
        }
        if (before.map(ZoneShares::zoneOf).equals(now.map(ZoneShares::zoneOf))) {
            return out;
        }
        Indexes.podsOn(snapshot, key.name()).stream()
                .flatMap(pod -> Indexes.servicesSelecting(snapshot, pod).stream())
                .forEach(service -> out.add(WorkKey.of(Resource.SERVICES, service)));
        return out;
    }
}
