package dev.fairway.api.registry;

import dev.fairway.schema.client.ApiClient.Selection;
import java.util.Optional;

/// What a watch asks for.
///
/// @param namespace empty for all
/// @param resourceVersion changes after this one; empty or `0` for the present state and then changes
/// @param sendInitialEvents state first, closed by a bookmark; absent when the client did not say
/// @param match `resourceVersionMatch`, needed with `sendInitialEvents`
public record WatchQuery(
        String namespace,
        Selection selection,
        String resourceVersion,
        Optional<Boolean> sendInitialEvents,
        String match) {

    public static WatchQuery of(String namespace, Selection selection, String resourceVersion) {
        return new WatchQuery(namespace, selection, resourceVersion, Optional.empty(), "");
    }
}
