package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.client.CarrierTurn;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// One page of a list.
///
/// @param continued the token of the next page; empty for the last
/// @param remaining how many objects follow, where that is known
public record Listed(List<Stored> objects, String resourceVersion, String continued, OptionalLong remaining) {
    public Listed {
        objects = List.copyOf(objects);
    }

    /// The objects as trees. Shared: not to be edited.
    public List<ObjectNode> items() {
        return objects.stream().map(Stored::tree).toList();
    }

    /// Hands over the objects without their managed fields. Shared: not to be edited.
    public void eachLean(Consumer<ObjectNode> taker) {
        try (CarrierTurn turn = CarrierTurn.begin()) { // the in-process client's lists are long
            for (Stored object : objects) {
                taker.accept(object.lean());
                turn.pause();
            }
        }
    }

    /// Its objects in the form of a kind that shows them.
    Listed shownAs(Kind kind) {
        return kind.view().isEmpty()
                ? this
                : new Listed(
                        objects.stream().map(each -> each.shownAs(kind)).toList(),
                        resourceVersion,
                        continued,
                        remaining);
    }
}
