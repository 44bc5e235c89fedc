package dev.fairway.control.loop;

import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Revision;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.schema.client.Mirror;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.node.ObjectNode;

/// One mirror per collection, shared by all controllers, with the indexes over it.
public final class Mirrors implements Snapshot, AutoCloseable {

    /// The end of a namespace's keys: no name begins with it.
    private static final String AFTER_ALL_NAMES = "\uffff";

    private final Map<Resource, Collected> collections = new HashMap<>();

    private Mirrors() {}

    public static Mirrors start(ApiClient client, Set<Resource> resources, List<Index> indexes) {
        Mirrors mirrors = new Mirrors();
        for (Resource resource : resources) {
            List<Index> own = indexes.stream()
                    .filter(index -> index.resource().equals(resource))
                    .toList();
            mirrors.collections.put(resource, new Collected(own));
        }
        mirrors.collections.forEach((resource, collected) -> collected.start(client, resource));
        return mirrors;
    }

    @Override
    public Optional<ObjectNode> get(Resource resource, String namespace, String name) {
        return Optional.ofNullable(collection(resource).objects().get(new ObjectKey(namespace, name)));
    }

    @Override
    public Collection<ObjectNode> list(Resource resource, String namespace) {
        var objects = collection(resource).objects();
        return namespace.isEmpty()
                ? objects.values()
                : objects.subMap(new ObjectKey(namespace, ""), new ObjectKey(namespace, AFTER_ALL_NAMES))
                        .values();
    }

    @Override
    public Collection<ObjectNode> find(Index index, String key) {
        return collection(index.resource()).find(index, key);
    }

    boolean has(Resource resource) {
        return collections.containsKey(resource);
    }

    /// True when the changes up to the revision have arrived.
    boolean hasSeen(Resource resource, String resourceVersion) {
        return collection(resource).seen() >= Revision.of(resourceVersion);
    }

    boolean isSynced(Resource resource) {
        return collection(resource).mirror().isSynced();
    }

    boolean awaitSynced(Resource resource, Duration limit) {
        return collection(resource).mirror().awaitSynced(limit);
    }

    /// From now on the listener hears every change of the collection, after the indexes show it.
    void listen(Resource resource, Mirror.Listener listener) {
        collection(resource).listeners.add(listener);
    }

    /// The newest failure of each collection that cannot be followed just now, by the collection's name.
    public SortedMap<String, String> problems() {
        SortedMap<String, String> out = new TreeMap<>();
        collections.forEach((resource, collected) ->
                collected.mirror().problem().ifPresent(text -> out.put(resource.qualifiedName(), text)));
        return out;
    }

    @Override
    public void close() {
        collections.values().forEach(collected -> collected.mirror().close());
    }

    private Collected collection(Resource resource) {
        Collected found = collections.get(resource);
        if (found == null) {
            throw new IllegalArgumentException("no controller declared a trigger for " + resource.qualifiedName());
        }
        return found;
    }

    private static final class Collected {

        private final Map<Index, Filed> files = new HashMap<>();
        private final List<Mirror.Listener> listeners = new CopyOnWriteArrayList<>();
        private volatile Optional<Mirror> mirror = Optional.empty();
        private volatile long newest;

        Collected(List<Index> indexes) {
            indexes.forEach(index -> files.put(index, new Filed(index)));
        }

        void start(ApiClient client, Resource resource) {
            mirror = Optional.of(Mirror.start(client, resource, "", Selection.ALL, this::changed));
        }

        Mirror mirror() {
            return mirror.orElseThrow(() -> new IllegalStateException("the mirror is not started"));
        }

        java.util.NavigableMap<ObjectKey, ObjectNode> objects() {
            return mirror().objects();
        }

        long seen() {
            return Math.max(newest, Revision.of(mirror().resourceVersion()));
        }

        Collection<ObjectNode> find(Index index, String key) {
            Filed filed = files.get(index);
            if (filed == null) {
                throw new IllegalArgumentException("no index " + index.name());
            }
            return filed.find(key);
        }

        private void changed(ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
            files.values().forEach(filed -> filed.changed(key, before, now));
            now.ifPresent(object -> newest = Revision.of(Meta.resourceVersion(object)));
            listeners.forEach(listener -> listener.changed(key, before, now));
        }
    }
}
