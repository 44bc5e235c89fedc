package dev.fairway.api.registry;

import dev.fairway.schema.client.ApiClient.Selection;
import java.util.Optional;

/// What a list asks for.
///
/// @param namespace empty for all
/// @param limit at most this many; 0 for all
/// @param continued the token of the page before; empty for the first
/// @param resourceVersion empty for the newest, `0` for any
/// @param match `Exact`, `NotOlderThan` or empty
/// @param sendInitialEvents only watches may say this; absent when the client did not
public record ListQuery(
        String namespace,
        Selection selection,
        int limit,
        String continued,
        String resourceVersion,
        String match,
        Optional<Boolean> sendInitialEvents) {

    public static ListQuery of(String namespace, Selection selection) {
        return new ListQuery(namespace, selection, 0, "", "", "", Optional.empty());
    }
}
