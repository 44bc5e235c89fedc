package dev.fairway.api.security.node;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a pod needs that only its node may read. Pure.
final class PodReferences {

    /// @param plural `secrets`, `configmaps` or `serviceaccounts`
    record Reference(String plural, String namespace, String name) {}

    private final String namespace;
    private final Set<Reference> found = new HashSet<>();

    private PodReferences(String namespace) {
        this.namespace = namespace;
    }

    static Set<Reference> of(ObjectNode pod) {
        PodReferences references = new PodReferences(Meta.namespace(pod));
        references.spec(Tree.at(pod, "spec"));
        return Set.copyOf(references.found);
    }

    private void spec(JsonNode spec) {
        add("serviceaccounts", Tree.text(spec, "serviceAccountName"));
        Tree.objects(spec, "imagePullSecrets").forEach(secret -> add("secrets", Tree.text(secret, "name")));
        for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
            Tree.objects(spec, list).forEach(this::container);
        }
        Tree.objects(spec, "volumes").forEach(this::volume);
    }

    private void container(ObjectNode container) {
        for (ObjectNode variable : Tree.objects(container, "env")) {
            add("secrets", Tree.text(variable, "valueFrom", "secretKeyRef", "name"));
            add("configmaps", Tree.text(variable, "valueFrom", "configMapKeyRef", "name"));
        }
        for (ObjectNode source : Tree.objects(container, "envFrom")) {
            add("secrets", Tree.text(source, "secretRef", "name"));
            add("configmaps", Tree.text(source, "configMapRef", "name"));
        }
    }

    private void volume(ObjectNode volume) {
        add("secrets", Tree.text(volume, "secret", "secretName"));
        add("configmaps", Tree.text(volume, "configMap", "name"));
        for (ObjectNode source : Tree.objects(volume, "projected", "sources")) {
            add("secrets", Tree.text(source, "secret", "name"));
            add("configmaps", Tree.text(source, "configMap", "name"));
        }
    }

    private void add(String plural, String name) {
        if (!name.isEmpty()) {
            found.add(new Reference(plural, namespace, name));
        }
    }
}
