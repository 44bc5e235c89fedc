package dev.fairway.schema.client;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.client.ApiClient.ChangeKind;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What a watch said, as a value that can wait in a queue.
sealed interface WatchEvent {

    record Changed(ChangeKind kind, ObjectNode object) implements WatchEvent {}

    record Bookmark(String resourceVersion) implements WatchEvent {}

    record Closed(Optional<ApiException> reason) implements WatchEvent {}
}
