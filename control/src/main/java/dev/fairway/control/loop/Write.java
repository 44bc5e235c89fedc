package dev.fairway.control.loop;

import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// One effect that a controller asks for. Only the control loop performs it.
public sealed interface Write {

    /// @param then what to write once the object exists, with its name and uid
    record Create(Resource resource, ObjectNode object, Function<ObjectNode, List<Write>> then) implements Write {
        public static Create of(Resource resource, ObjectNode object) {
            return new Create(resource, object, created -> List.of());
        }
    }

    /// Replaces the object if it still has the `metadata.resourceVersion` that it carries.
    record Update(Resource resource, ObjectNode object) implements Write {}

    /// Replaces the status if the object still has the `metadata.resourceVersion` that it carries.
    record UpdateStatus(Resource resource, ObjectNode object) implements Write {}

    /// A JSON merge patch.
    ///
    /// @param subresource `status`, `finalize`, or empty for the object itself
    record Patch(Resource resource, ObjectKey key, String subresource, ObjectNode change) implements Write {}

    /// Deletes the object only if it still has the uid.
    ///
    /// @param propagation `Background`, `Foreground`, `Orphan`, or empty for the kind's default
    /// @param graceSeconds -1 for the kind's default
    record Delete(Resource resource, ObjectKey key, String uid, String propagation, long graceSeconds)
            implements Write {
        public static Delete of(Resource resource, ObjectNode object) {
            return of(resource, object, "");
        }

        public static Delete of(Resource resource, ObjectNode object, String propagation) {
            return new Delete(resource, Meta.key(object), Meta.uid(object), propagation, -1);
        }

        /// At once, without waiting for anybody's confirmation.
        public Delete now() {
            return new Delete(resource, key, uid, propagation, 0);
        }
    }

    /// Tells people about an object by an Event.
    ///
    /// @param warning false for type Normal
    record Announce(Resource resource, ObjectNode about, boolean warning, String reason, String message)
            implements Write {

        private static final int HASH_LENGTH = 16;

        /// The name of the Event: it follows from what is said about which object, so that saying it again only counts
        /// up.
        ///
        /// @param component who says it
        public String eventName(String component) {
            String text = String.join("\n", component, Meta.uid(about), reason, message);
            String hash = UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
                    .toString()
                    .replace("-", "");
            return Meta.name(about) + "." + hash.substring(0, HASH_LENGTH);
        }
    }

    /// A step outside the mirrored state, such as a call to a load balancer or a fresh read: what it finds out is
    /// written
    /// next. When it fails, `whenFailed` is written and the key is tried again with back-off.
    record Outside(String what, Supplier<List<Write>> step, Function<RuntimeException, List<Write>> whenFailed)
            implements Write {
        public static Outside of(String what, Supplier<List<Write>> step) {
            return new Outside(what, step, failure -> List.of());
        }
    }
}
