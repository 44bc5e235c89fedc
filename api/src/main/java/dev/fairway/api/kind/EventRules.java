package dev.fairway.api.kind;

import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Rules of events: they stand in the namespace of what they tell about, or in `default` for what has none.
final class EventRules implements KindRules {

    @Override
    public List<Cause> validateCreate(ObjectNode event) {
        Causes causes = new Causes();
        String about = Tree.text(event, "involvedObject", "namespace");
        String here = Meta.namespace(event);
        if (!about.equals(here) && !(about.isEmpty() && here.equals("default"))) {
            causes.invalid("involvedObject.namespace", about, "does not match event.namespace");
        }
        return causes.list();
    }
}
