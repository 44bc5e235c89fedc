package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/// One page of a list.
///
/// @param continued the token of the next page; empty for the last
/// @param remaining how many objects follow, where that is known
public record Listed(List<ObjectNode> items, String resourceVersion, String continued, OptionalLong remaining) {
    public Listed {
        items = List.copyOf(items);
    }

    /// Its objects in the form of a kind that shows them.
    Listed shownAs(Kind kind) {
        return kind.view().isEmpty()
                ? this
                : new Listed(items.stream().map(kind::show).toList(), resourceVersion, continued, remaining);
    }
}
