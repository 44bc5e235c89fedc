package dev.fairway.api.kind;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Rules of namespaces: they name themselves in a label, and are kept by a finalizer until they are empty.
final class NamespaceRules implements KindRules {

    @Override
    public List<String> nameErrors(String name) {
        return Names.label(name);
    }

    @Override
    public void applyDefaults(ObjectNode namespace) {
        if (!Meta.name(namespace).isEmpty()) {
            Tree.makeObject(namespace, "metadata", "labels").put("kubernetes.io/metadata.name", Meta.name(namespace));
        }
    }

    @Override
    public void beforeCreate(WriteScope scope, ObjectNode namespace) {
        namespace.putObject("status").put("phase", "Active");
        ObjectNode spec = Tree.makeObject(namespace, "spec");
        if (!Tree.texts(spec, "finalizers").contains("kubernetes")) {
            Tree.makeArray(spec, "finalizers").add("kubernetes");
        }
    }

    /// Finalizers of the spec change only through `/finalize`.
    @Override
    public void beforeUpdate(WriteScope scope, ObjectNode old, ObjectNode now) {
        Tree.makeObject(now, "spec")
                .set("finalizers", Tree.makeArray(Tree.makeObject(old.deepCopy(), "spec"), "finalizers"));
    }
}
