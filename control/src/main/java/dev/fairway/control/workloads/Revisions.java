package dev.fairway.control.workloads;

import dev.fairway.control.object.Canonical;
import dev.fairway.control.object.Owners;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Times;
import dev.fairway.schema.Tree;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The ReplicaSets of a Deployment: one per template it ever had.
///
/// @param fresh the one of the current template, if it exists
/// @param old the others, the oldest first
record Revisions(Optional<ObjectNode> fresh, List<ObjectNode> old) {

    static final String HASH = "pod-template-hash";
    static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    private static final String MAX = "deployment.kubernetes.io/max-replicas";
    private static final List<String> NOT_COPIED = List.of(
            "kubectl.kubernetes.io/last-applied-configuration",
            REVISION,
            DESIRED,
            MAX,
            "deprecated.deployment.rollback.to");

    static Revisions of(JsonNode deployment, Collection<ObjectNode> sets) {
        List<ObjectNode> byAge = sets.stream()
                .sorted(Comparator.comparing(Times::created).thenComparing(Meta::name))
                .toList();
        String wanted = Canonical.text(Tree.at(deployment, "spec", "template"));
        Optional<ObjectNode> fresh =
                byAge.stream().filter(set -> templateText(set).equals(wanted)).findFirst();
        return new Revisions(
                fresh,
                byAge.stream().filter(set -> !Optional.of(set).equals(fresh)).toList());
    }

    private static String templateText(ObjectNode set) {
        JsonNode template = Tree.at(set, "spec", "template");
        if (!(template instanceof ObjectNode object)) {
            return "";
        }
        ObjectNode copy = object.deepCopy();
        Tree.makeObject(copy, "metadata", "labels").remove(HASH);
        return Canonical.text(copy);
    }

    /// The revision that the current template's ReplicaSet must carry: above all others.
    long freshRevision() {
        long highestOld = old.stream().mapToLong(Revisions::revisionOf).max().orElse(0);
        return Math.max(fresh.map(Revisions::revisionOf).orElse(0L), highestOld + 1);
    }

    static long revisionOf(JsonNode object) {
        String text = Meta.annotation(object, REVISION);
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    /// The ReplicaSet for the current template.
    ObjectNode create(ObjectNode deployment, RolloutLimits limits, int replicas) {
        ObjectNode template = deployment.deepCopy();
        ObjectNode spec = Tree.makeObject(template, "spec", "template");
        String hash = Canonical.hash(spec);
        Tree.makeObject(spec, "metadata", "labels").put(HASH, hash);
        ObjectNode set = Json.object();
        ObjectNode meta = Tree.makeObject(set, "metadata");
        meta.put("name", Meta.name(deployment) + "-" + hash).put("namespace", Meta.namespace(deployment));
        meta.set("labels", Tree.at(spec, "metadata", "labels").deepCopy());
        meta.set("annotations", annotations(deployment, limits));
        meta.putArray("ownerReferences").add(Owners.controllerReference(Resource.DEPLOYMENTS, deployment));
        ObjectNode setSpec = Tree.makeObject(set, "spec");
        setSpec.put("replicas", replicas)
                .put("minReadySeconds", (int) Tree.number(deployment, 0, "spec", "minReadySeconds"));
        ObjectNode selector = Tree.makeObject(template, "spec", "selector");
        Tree.makeObject(selector, "matchLabels").put(HASH, hash);
        setSpec.set("selector", selector);
        setSpec.set("template", spec);
        return set;
    }

    private ObjectNode annotations(JsonNode deployment, RolloutLimits limits) {
        ObjectNode out = Json.object();
        Meta.annotations(deployment).forEach((name, value) -> {
            if (!NOT_COPIED.contains(name)) {
                out.put(name, value);
            }
        });
        return out.put(REVISION, Long.toString(freshRevision()))
                .put(DESIRED, Integer.toString(limits.replicas()))
                .put(MAX, Integer.toString(limits.maxTotal()));
    }

    /// A merge patch that scales a ReplicaSet, with what kubectl reads beside it.
    static ObjectNode scalePatch(int replicas, RolloutLimits limits) {
        ObjectNode change = Json.object();
        Tree.makeObject(change, "spec").put("replicas", replicas);
        Tree.makeObject(change, "metadata", "annotations")
                .put(DESIRED, Integer.toString(limits.replicas()))
                .put(MAX, Integer.toString(limits.maxTotal()));
        return change;
    }

    /// A merge patch that sets the revision.
    static ObjectNode revisionPatch(long revision) {
        ObjectNode change = Json.object();
        Tree.makeObject(change, "metadata", "annotations").put(REVISION, Long.toString(revision));
        return change;
    }
}
