package dev.fairway.control.loop;

import dev.fairway.schema.ObjectKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import tools.jackson.databind.node.ObjectNode;

/// A collection by the values of one index. One thread writes, any may read. Most values stand for one object, and
/// there
/// are as many of them as objects: those get no map of their own.
final class Filed {

    private final Index index;
    private final Map<String, Place> places = new ConcurrentHashMap<>();

    Filed(Index index) {
        this.index = index;
    }

    Collection<ObjectNode> find(String value) {
        return switch (places.get(value)) {
            case null -> List.of();
            case Place.One one -> List.of(one.object);
            case Place.Many many -> many.objects.values();
        };
    }

    void changed(ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        Collection<String> wanted = now.map(index.keys()).orElse(List.of());
        for (String value : wanted) {
            places.merge(value, new Place.One(key, now.orElseThrow()), (place, _) -> place.with(key, now.get()));
        }
        for (String value : before.map(index.keys()).orElse(List.of())) {
            if (!wanted.contains(value)) {
                places.computeIfPresent(value, (_, place) -> place.without(key).orElse(null));
            }
        }
    }

    /// The objects of one value, in the order of their keys.
    private sealed interface Place {

        Place with(ObjectKey key, ObjectNode object);

        /// Empty when nothing is left.
        Optional<Place> without(ObjectKey key);

        record One(ObjectKey key, ObjectNode object) implements Place {
            @Override
            public Place with(ObjectKey other, ObjectNode added) {
                if (other.equals(key)) {
                    return new One(other, added);
                }
                ConcurrentSkipListMap<ObjectKey, ObjectNode> both = new ConcurrentSkipListMap<>();
                both.put(key, object);
                both.put(other, added);
                return new Many(both);
            }

            @Override
            public Optional<Place> without(ObjectKey gone) {
                return gone.equals(key) ? Optional.empty() : Optional.of(this);
            }
        }

        record Many(ConcurrentSkipListMap<ObjectKey, ObjectNode> objects) implements Place {
            @Override
            public Place with(ObjectKey key, ObjectNode object) {
                objects.put(key, object);
                return this;
            }

            @Override
            public Optional<Place> without(ObjectKey key) {
                objects.remove(key);
                return objects.isEmpty() ? Optional.empty() : Optional.of(this);
            }
        }
    }
}
