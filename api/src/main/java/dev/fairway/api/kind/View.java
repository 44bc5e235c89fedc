package dev.fairway.api.kind;

import dev.fairway.schema.Resource;
import tools.jackson.databind.node.ObjectNode;

/// A kind that has no objects of its own: it shows those of another one in another form.
public interface View {

    /// The collection that holds the objects.
    Resource stored();

    /// The stored object in the form of this kind, as a new tree.
    ObjectNode show(ObjectNode stored);

    /// The form that is stored, as a new tree.
    ObjectNode store(ObjectNode shown);
}
