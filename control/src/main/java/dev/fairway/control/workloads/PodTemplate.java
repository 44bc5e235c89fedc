package dev.fairway.control.workloads;

import dev.fairway.control.object.Owners;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes pods from `spec.template`.
final class PodTemplate {

    private PodTemplate() {}

    /// A pod that the owner controls; the API chooses the end of its name.
    static ObjectNode podOf(Resource resource, JsonNode owner) {
        ObjectNode pod = Json.object();
        ObjectNode meta = Tree.makeObject(pod, "metadata");
        meta.put("generateName", Meta.name(owner) + "-").put("namespace", Meta.namespace(owner));
        JsonNode template = Tree.at(owner, "spec", "template");
        for (String field : new String[] {"labels", "annotations", "finalizers"}) {
            JsonNode value = Tree.at(template, "metadata", field);
            if (!value.isMissingNode()) {
                meta.set(field, value.deepCopy());
            }
        }
        meta.putArray("ownerReferences").add(Owners.controllerReference(resource, owner));
        JsonNode spec = Tree.at(template, "spec");
        pod.set("spec", spec.isMissingNode() ? Json.object() : spec.deepCopy());
        return pod;
    }
}
