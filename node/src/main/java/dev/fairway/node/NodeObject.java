package dev.fairway.node;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.schema.Json;
import dev.fairway.schema.KubeletEndpoint;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Programmed;
import dev.fairway.schema.Times;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The Node and Lease objects by which a node tells the API that it exists and lives. Pure.
final class NodeObject {

    static final String LEASE_NAMESPACE = "kube-node-lease";
    static final int LEASE_SECONDS = 40;

    private static final Set<String> OWN_CONDITIONS = Set.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

    private NodeObject() {}

    /// A Node to create.
    static ObjectNode node(NodeSpec spec, MachineFacts facts, Instant now) {
        ObjectNode node = Json.object().put("apiVersion", "v1").put("kind", "Node");
        ObjectNode meta = node.putObject("metadata").put("name", spec.name());
        ObjectNode labels = meta.putObject("labels");
        labels(spec, facts).forEach(labels::put);
        blocks(node.putObject("spec"), spec);
        node.set("status", status(spec, facts, Json.object(), now));
        if (spec.kubelet().isPresent()) {
            KubeletEndpoint.patchMetadata(node, spec.kubelet());
            KubeletEndpoint.patchStatus(node, spec.kubelet());
        }
        return node;
    }

    /// What a Node that is there already must get: labels and pod blocks, and which certificate it shows.
    static ObjectNode patch(NodeSpec spec, MachineFacts facts) {
        ObjectNode patch = Json.object();
        KubeletEndpoint.patchMetadata(patch, spec.kubelet());
        ObjectNode labels = Tree.makeObject(patch, "metadata", "labels");
        labels(spec, facts).forEach(labels::put);
        blocks(patch.putObject("spec"), spec);
        return patch;
    }

    /// What its status must be now.
    ///
    /// @param before the status until now
    static ObjectNode statusPatch(NodeSpec spec, MachineFacts facts, ObjectNode before, Instant now) {
        ObjectNode patch = Json.object();
        patch.set("status", status(spec, facts, before, now));
        KubeletEndpoint.patchStatus(patch, spec.kubelet());
        return patch;
    }

    private static SortedMap<String, String> labels(NodeSpec spec, MachineFacts facts) {
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put("kubernetes.io/hostname", spec.name());
        labels.put("kubernetes.io/os", "linux");
        labels.put("kubernetes.io/arch", facts.architecture());
        labels.putAll(spec.labels());
        return labels;
    }

    private static void blocks(ObjectNode into, NodeSpec spec) {
        if (spec.podBlocks().isEmpty()) {
            return;
        }
        into.put("podCIDR", spec.podBlocks().getFirst().toString());
        ArrayNode all = into.putArray("podCIDRs");
        spec.podBlocks().stream().map(Cidr::toString).forEach(all::add);
    }

    /// @param before the status until now, whose transition times and foreign conditions are kept
    private static ObjectNode status(NodeSpec spec, MachineFacts facts, ObjectNode before, Instant now) {
        ObjectNode status = Json.object();
        capacity(status.putObject("capacity"), spec, facts);
        capacity(status.putObject("allocatable"), spec, facts);
        conditions(status.putArray("conditions"), before, Times.toText(now));
        ArrayNode addresses = status.putArray("addresses");
        spec.insideAddresses().forEach(address -> address(addresses, "InternalIP", address));
        spec.outsideAddresses().forEach(address -> address(addresses, "ExternalIP", address));
        addresses.addObject().put("type", "Hostname").put("address", spec.name());
        status.putObject("nodeInfo")
                .put("machineID", facts.machineId())
                .put("systemUUID", facts.machineId())
                .put("bootID", facts.bootId())
                .put("kernelVersion", facts.kernelVersion())
                .put("osImage", facts.osImage())
                .put("containerRuntimeVersion", "fairway://" + spec.version())
                .put("kubeletVersion", spec.version())
                .put("kubeProxyVersion", spec.version())
                .put("operatingSystem", "linux")
                .put("architecture", facts.architecture());
        return status;
    }

    private static void capacity(ObjectNode into, NodeSpec spec, MachineFacts facts) {
        into.put("cpu", Integer.toString(facts.processors()));
        into.put("memory", facts.memoryKiB() + "Ki");
        into.put("pods", Integer.toString(spec.podCountMax()));
    }

    private static void address(ArrayNode into, String type, IpAddress address) {
        into.addObject().put("type", type).put("address", address.toString());
    }

    private static void conditions(ArrayNode into, ObjectNode before, String now) {
        Tree.objects(before, "conditions").stream()
                .filter(condition -> !OWN_CONDITIONS.contains(Tree.text(condition, "type")))
                .forEach(condition -> into.add(condition.deepCopy()));
        condition(into, before, now, "MemoryPressure", "False", "EnoughMemory", "memory is available");
        condition(into, before, now, "DiskPressure", "False", "EnoughDisk", "disk space is available");
        condition(into, before, now, "PIDPressure", "False", "EnoughPids", "process numbers are available");
        condition(into, before, now, "Ready", "True", "NodeAgentReady", "the node agent posts its state");
    }

    private static void condition(
            ArrayNode into, ObjectNode before, String now, String type, String status, String reason, String message) {
        String since = Tree.objects(before, "conditions").stream()
                .filter(old -> Tree.text(old, "type").equals(type))
                .filter(old -> Tree.text(old, "status").equals(status))
                .map(old -> Tree.text(old, "lastTransitionTime"))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse(now);
        into.addObject()
                .put("type", type)
                .put("status", status)
                .put("lastHeartbeatTime", now)
                .put("lastTransitionTime", since)
                .put("reason", reason)
                .put("message", message);
    }

    /// Whether the API shows the node as ready; someone else may have decided that it is not.
    static boolean isReady(ObjectNode node) {
        return Tree.objects(node, "status", "conditions").stream()
                .anyMatch(condition -> Tree.text(condition, "type").equals("Ready")
                        && Tree.text(condition, "status").equals("True"));
    }

    /// Load balancers may send traffic to the node.
    static boolean isEligible(ObjectNode node) {
        return !Meta.isBeingDeleted(node)
                && Tree.objects(node, "spec", "taints").stream()
                        .noneMatch(taint -> Tree.text(taint, "key").equals("ToBeDeletedByClusterAutoscaler"));
    }

    /// @param nodeUid the Node that owns the lease; empty when not known yet
    /// @param programmed the revision of Services that is in the kernel
    static ObjectNode lease(NodeSpec spec, String nodeUid, Instant now, long programmed) {
        ObjectNode lease =
                Json.object().put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
        ObjectNode meta = lease.putObject("metadata").put("name", spec.name()).put("namespace", LEASE_NAMESPACE);
        if (!nodeUid.isEmpty()) {
            meta.putArray("ownerReferences")
                    .addObject()
                    .put("apiVersion", "v1")
                    .put("kind", "Node")
                    .put("name", spec.name())
                    .put("uid", nodeUid);
        }
        programmed(meta, programmed);
        lease.putObject("spec")
                .put("holderIdentity", spec.name())
                .put("leaseDurationSeconds", LEASE_SECONDS)
                .put("renewTime", Times.toMicroText(now));
        return lease;
    }

    static ObjectNode renewal(Instant now, long programmed) {
        ObjectNode patch = Json.object();
        programmed(patch.putObject("metadata"), programmed);
        patch.putObject("spec").put("renewTime", Times.toMicroText(now));
        return patch;
    }

    private static void programmed(ObjectNode meta, long revision) {
        if (revision > 0) {
            meta.putObject("annotations").put(Programmed.REVISION, Long.toString(revision));
        }
    }
}
