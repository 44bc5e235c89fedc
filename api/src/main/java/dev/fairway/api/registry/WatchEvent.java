package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.client.ApiClient.ChangeKind;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// What a watcher receives.
public sealed interface WatchEvent {

    /// A change, shared by all watchers that see it alike, together with its encoded forms.
    record Changed(ChangeKind change, Stored stored, Forms forms) implements WatchEvent {
        Changed(ChangeKind change, Stored stored) {
            this(change, stored, new Forms());
        }

        /// Shared: not to be edited.
        public ObjectNode object() {
            return stored.tree();
        }

        /// Without its managed fields. Shared: not to be edited.
        public ObjectNode leanObject() {
            return stored.lean();
        }

        /// Its object in the form of a kind that shows it. The encoded forms stay shared.
        Changed shownAs(Kind kind) {
            return kind.view().isEmpty() ? this : new Changed(change, stored.shownAs(kind), forms);
        }
    }

    /// Everything up to the revision has been delivered.
    ///
    /// @param initialEnd the initial state is complete with this
    record Bookmark(String resourceVersion, boolean initialEnd) implements WatchEvent {}

    /// Nothing follows. No reason is an ordinary end.
    record Ended(Optional<ApiException> reason) implements WatchEvent {}

    /// Encoded forms of one change: each is made once, by the watcher that needs it first.
    final class Forms {
        private final ConcurrentMap<Object, byte[]> made = new ConcurrentHashMap<>();

        public byte[] get(Object form, Supplier<byte[]> encode) {
            return made.computeIfAbsent(form, key -> encode.get());
        }
    }
}
