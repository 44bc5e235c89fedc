package dev.fairway.api.security.node;

import dev.fairway.api.registry.Admission;
import dev.fairway.api.registry.Refusal;
import dev.fairway.api.registry.Section;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// What the credential of a node may write: its own Node, its own lease, the status of its own pods, mirror pods of its
/// own (upstream's NodeRestriction).
public final class NodeRestriction implements Admission {

    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String RESTRICTED = "node-restriction.kubernetes.io";

    /// Labels of the `kubernetes.io` and `k8s.io` domains that a node may set on itself.
    private static final Set<String> OWN_LABELS = Set.of(
            "kubernetes.io/hostname",
            "kubernetes.io/arch",
            "kubernetes.io/os",
            "beta.kubernetes.io/arch",
            "beta.kubernetes.io/os",
            "node.kubernetes.io/instance-type",
            "beta.kubernetes.io/instance-type",
            "topology.kubernetes.io/zone",
            "topology.kubernetes.io/region",
            "failure-domain.beta.kubernetes.io/zone",
            "failure-domain.beta.kubernetes.io/region");

    @Override
    public void admit(Write write) {
        Optional<String> node = NodeAuthorizer.nodeOf(write.user());
        if (node.isEmpty()) {
            return;
        }
        Resource resource = write.kind().resource();
        if (resource.equals(Resource.NODES)) {
            node(write, node.get());
        } else if (resource.equals(Resource.PODS)) {
            pod(write, node.get());
        } else if (resource.equals(Resource.LEASES)
                && !Meta.name(write.object()).equals(node.get())) {
            throw refuse(write, "can only access node lease with the same name as the requesting node");
        }
    }

    private static RuntimeException refuse(Write write, String why) {
        return Refusal.forbidden(write.kind().resource(), Meta.name(write.object()), why, List.of());
    }

    private static String quoted(String node) {
        return "node \"" + node + "\"";
    }

    private static void node(Write write, String node) {
        String name = Meta.name(write.object());
        if (!name.equals(node)) {
            throw refuse(write, quoted(node) + " is not allowed to modify node \"" + name + "\"");
        }
        if (write.isDelete()) {
            throw refuse(write, quoted(node) + " is not allowed to delete itself");
        }
        if (write.section() == Section.STATUS) {
            return;
        }
        ObjectNode old = write.old().orElseGet(Json::object);
        ObjectNode now = write.object();
        Set<String> forbidden = new TreeSet<>(changed(Meta.labels(old), Meta.labels(now)));
        forbidden.removeIf(NodeRestriction::isOwnLabel);
        if (!forbidden.isEmpty()) {
            String verb = write.isCreate() ? "set" : "modify";
            throw refuse(write, "is not allowed to " + verb + " the following labels: " + String.join(", ", forbidden));
        }
        if (!write.isCreate()) {
            refuseTaints(write, node, old, now);
        }
    }

    private static void refuseTaints(Write write, String node, ObjectNode old, ObjectNode now) {
        if (!Tree.at(old, "spec", "taints").equals(Tree.at(now, "spec", "taints"))) {
            throw refuse(write, quoted(node) + " is not allowed to modify taints");
        }
        Set<Object> owners = new HashSet<>(Tree.objects(now, "metadata", "ownerReferences"));
        if (!owners.equals(new HashSet<Object>(Tree.objects(old, "metadata", "ownerReferences")))) {
            throw refuse(write, quoted(node) + " is not allowed to modify ownerReferences");
        }
    }

    private static Set<String> changed(Map<String, String> old, Map<String, String> now) {
        Set<String> keys = new HashSet<>(old.keySet());
        keys.addAll(now.keySet());
        keys.removeIf(key -> Objects.equals(old.get(key), now.get(key)));
        return keys;
    }

    private static boolean isOwnLabel(String key) {
        int slash = key.indexOf('/');
        String domain = slash < 0 ? "" : key.substring(0, slash);
        if (domain.equals(RESTRICTED) || domain.endsWith("." + RESTRICTED)) {
            return false;
        }
        boolean reserved = isWithin(domain, "kubernetes.io") || isWithin(domain, "k8s.io");
        return !reserved
                || OWN_LABELS.contains(key)
                || isWithin(domain, "kubelet.kubernetes.io")
                || isWithin(domain, "node.kubernetes.io");
    }

    private static boolean isWithin(String domain, String parent) {
        return domain.equals(parent) || domain.endsWith("." + parent);
    }

    private static void pod(Write write, String node) {
        if (write.isCreate()) {
            mirrorPod(write, node);
            return;
        }
        String at = Tree.text(write.old().orElseThrow(), "spec", "nodeName");
        if (write.isDelete()) {
            if (!at.equals(node)) {
                throw refuse(write, quoted(node) + " can only delete pods with spec.nodeName set to itself");
            }
            return;
        }
        if (write.section() != Section.STATUS) {
            throw refuse(
                    write,
                    "unexpected operation \"UPDATE\", " + quoted(node) + " can only create and delete mirror pods");
        }
        if (!at.equals(node)) {
            throw refuse(write, quoted(node) + " can only update pod status for pods with spec.nodeName set to itself");
        }
        if (!Meta.labels(write.old().orElseThrow()).equals(Meta.labels(write.object()))) {
            throw refuse(write, quoted(node) + " cannot update labels through pod status");
        }
    }

    private static void mirrorPod(Write write, String node) {
        ObjectNode pod = write.object();
        if (!Meta.annotations(pod).containsKey(MIRROR)) {
            throw refuse(
                    write,
                    "pod does not have \"" + MIRROR + "\" annotation, " + quoted(node)
                            + " can only create mirror pods");
        }
        if (!Tree.text(pod, "spec", "nodeName").equals(node)) {
            throw refuse(write, quoted(node) + " can only create pods with spec.nodeName set to itself");
        }
        List<ObjectNode> owners = Tree.objects(pod, "metadata", "ownerReferences");
        boolean own = owners.size() == 1
                && Tree.text(owners.getFirst(), "kind").equals("Node")
                && Tree.text(owners.getFirst(), "name").equals(node)
                && Tree.flag(owners.getFirst(), "controller");
        if (!own) {
            throw refuse(write, quoted(node) + " can only create pods with an owner reference set to itself");
        }
        boolean refers =
                PodReferences.of(pod).stream().anyMatch(each -> !each.plural().equals("serviceaccounts"));
        if (refers || Tree.flag(pod, "spec", "automountServiceAccountToken")) {
            throw refuse(write, quoted(node) + " can not create pods that reference secrets, configmaps or tokens");
        }
    }
}
