package dev.fairway.control.loop;

import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import tools.jackson.databind.JsonNode;

/// The object that a controller has to look at.
public record WorkKey(Resource resource, String namespace, String name) {

    public static WorkKey of(Resource resource, ObjectKey key) {
        return new WorkKey(resource, key.namespace(), key.name());
    }

    public static WorkKey of(Resource resource, JsonNode object) {
        return of(resource, Meta.key(object));
    }

    public ObjectKey object() {
        return new ObjectKey(namespace, name);
    }

    @Override
    public String toString() {
        return resource.qualifiedName() + " " + object();
    }
}
