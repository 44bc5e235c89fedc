package dev.fairway.api.registry;

import dev.fairway.schema.client.ApiClient.Selection;
import java.util.Optional;

/// What a watch asks for.
///
/// @param namespace empty for all
/// @param resourceVersion changes after this one; empty or `0` for the present state and then changes
/// @param sendInitialEvents state first; absent when the client did not say
/// @param match `resourceVersionMatch`, needed with `sendInitialEvents`
/// @param continued only lists may say this
/// @param bookmarks the client understands bookmarks, and gets one that ends the initial state
public record WatchQuery(
        String namespace,
        Selection selection,
        String resourceVersion,
        Optional<Boolean> sendInitialEvents,
        String match,
        String continued,
        boolean bookmarks) {

    public static WatchQuery of(String namespace, Selection selection, String resourceVersion) {
        return new WatchQuery(namespace, selection, resourceVersion, Optional.empty(), "", "", false);
    }

    /// Whether the watch begins with the present state. Without a word from the client, a watch of no particular
    /// revision does.
    boolean initial() {
        return sendInitialEvents.orElse(resourceVersion.isEmpty() || resourceVersion.equals("0"));
    }
}
