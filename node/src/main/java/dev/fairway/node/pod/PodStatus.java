package dev.fairway.node.pod;

import dev.fairway.address.IpAddress;
import dev.fairway.node.pod.ContainerState.Ended;
import dev.fairway.node.pod.ContainerState.Running;
import dev.fairway.node.pod.ContainerState.Waiting;
import dev.fairway.schema.Json;
import dev.fairway.schema.Times;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The `status` of a pod as the API shows it, from what the node knows. Pure.
public final class PodStatus {

    private static final String TRUE = "True";
    private static final String FALSE = "False";
    private static final List<String> SHOWN_ORDER =
            List.of("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled");

    private final PodSpec spec;
    private final PodRecord record;
    private final PodPhase phase;
    private final ObjectNode previous;
    private final Instant now;

    private PodStatus(PodSpec spec, PodRecord record, ObjectNode previous, Instant now) {
        this.spec = spec;
        this.record = record;
        this.phase = PodPhase.of(spec, record);
        this.previous = previous;
        this.now = now;
    }

    /// @param hostAddresses the node's inside addresses
    /// @param previous the status reported before, whose times are kept; others' conditions come from the pod
    public static ObjectNode of(
            PodSpec spec, PodRecord record, List<IpAddress> hostAddresses, ObjectNode previous, Instant now) {
        return new PodStatus(spec, record, previous, now).toTree(hostAddresses);
    }

    private ObjectNode toTree(List<IpAddress> hostAddresses) {
        ObjectNode status = Json.object();
        status.put("phase", phase.text());
        record.failure()
                .ifPresent(failure -> status.put("reason", failure.reason()).put("message", failure.message()));
        long generation = Tree.number(spec.object(), 0, "metadata", "generation");
        if (generation > 0) {
            status.put("observedGeneration", generation);
        }
        status.set("conditions", conditions());
        status.put("startTime", Times.toText(record.startTime()));
        addresses(status, "hostIP", "hostIPs", hostAddresses);
        addresses(status, "podIP", "podIPs", record.addresses());
        if (!spec.initContainers().isEmpty()) {
            status.set("initContainerStatuses", containers(spec.initContainers()));
        }
        status.set("containerStatuses", containers(spec.containers()));
        return status;
    }

    private static void addresses(ObjectNode status, String one, String all, List<IpAddress> addresses) {
        if (addresses.isEmpty()) {
            return;
        }
        status.put(one, addresses.getFirst().toString());
        ArrayNode list = status.putArray(all);
        addresses.forEach(address -> list.addObject().put("ip", address.toString()));
    }

    // ---- conditions

    private ArrayNode conditions() {
        TreeMap<String, ObjectNode> byType = new TreeMap<>();
        for (ObjectNode condition : Tree.objects(spec.object(), "status", "conditions")) {
            byType.put(Tree.text(condition, "type"), condition.deepCopy());
        }
        Tree.objects(previous, "conditions").stream()
                .filter(condition -> SHOWN_ORDER.contains(Tree.text(condition, "type")))
                .forEach(condition -> byType.put(Tree.text(condition, "type"), condition));
        List<Condition> ours = new ArrayList<>();
        ours.add(Condition.of("PodScheduled", true));
        ours.add(Condition.of("PodReadyToStartContainers", record.networkUp()));
        ours.add(initialized());
        Condition containersReady = containersReady();
        ours.add(containersReady);
        ours.add(ready(containersReady, byType));
        ours.forEach(condition -> byType.put(condition.type, stamped(condition, find(byType, condition.type))));
        ArrayNode out = Json.object().putArray("conditions");
        SHOWN_ORDER.forEach(type -> find(byType, type).ifPresent(out::add));
        byType.values().stream()
                .filter(condition -> !SHOWN_ORDER.contains(Tree.text(condition, "type")))
                .forEach(out::add);
        return out;
    }

    private record Condition(String type, boolean holds, String reason, String message) {
        static Condition of(String type, boolean holds) {
            return new Condition(type, holds, "", "");
        }
    }

    private ObjectNode stamped(Condition condition, Optional<ObjectNode> before) {
        String text = condition.holds ? TRUE : FALSE;
        String since = before.filter(old -> Tree.text(old, "status").equals(text))
                .map(old -> Tree.text(old, "lastTransitionTime"))
                .filter(time -> !time.isEmpty())
                .orElseGet(() -> Times.toText(now));
        ObjectNode out = Json.object();
        out.put("type", condition.type);
        out.put("status", text);
        out.put("lastTransitionTime", since);
        if (!condition.reason.isEmpty()) {
            out.put("reason", condition.reason);
        }
        if (!condition.message.isEmpty()) {
            out.put("message", condition.message);
        }
        return out;
    }

    private Condition initialized() {
        List<String> open = namesWhere(spec.initContainers(), init -> !PodPhase.initialized(init, record));
        if (phase == PodPhase.SUCCEEDED) {
            return new Condition("Initialized", true, "PodCompleted", "");
        }
        return open.isEmpty()
                ? Condition.of("Initialized", true)
                : new Condition(
                        "Initialized", false, "ContainersNotInitialized", "containers with incomplete status: " + open);
    }

    private Condition containersReady() {
        if (phase.isFinal()) {
            String reason = phase == PodPhase.SUCCEEDED ? "PodCompleted" : "PodFailed";
            return new Condition("ContainersReady", false, reason, "");
        }
        List<ContainerSpec> counted = new ArrayList<>(spec.containers());
        spec.initContainers().stream().filter(ContainerSpec::sidecar).forEach(counted::add);
        List<String> unready = namesWhere(
                counted, container -> !record.container(container.name()).ready());
        return unready.isEmpty()
                ? Condition.of("ContainersReady", true)
                : new Condition(
                        "ContainersReady", false, "ContainersNotReady", "containers with unready status: " + unready);
    }

    private Condition ready(Condition containersReady, Map<String, ObjectNode> byType) {
        if (!containersReady.holds) {
            return new Condition("Ready", false, containersReady.reason, containersReady.message);
        }
        List<String> closed = Tree.objects(spec.object(), "spec", "readinessGates").stream()
                .map(gate -> Tree.text(gate, "conditionType"))
                .filter(type -> !isTrue(byType, type))
                .toList();
        return closed.isEmpty()
                ? Condition.of("Ready", true)
                : new Condition(
                        "Ready", false, "ReadinessGatesNotReady", "corresponding condition is not true: " + closed);
    }

    private static Optional<ObjectNode> find(Map<String, ObjectNode> byType, String type) {
        return Optional.ofNullable(byType.get(type));
    }

    private static boolean isTrue(Map<String, ObjectNode> byType, String type) {
        return find(byType, type)
                .filter(condition -> Tree.text(condition, "status").equals(TRUE))
                .isPresent();
    }

    private static List<String> namesWhere(List<ContainerSpec> containers, Predicate<ContainerSpec> test) {
        return containers.stream().filter(test).map(ContainerSpec::name).toList();
    }

    // ---- containers

    private ArrayNode containers(List<ContainerSpec> wanted) {
        ArrayNode list = Json.object().putArray("containerStatuses");
        wanted.forEach(container -> list.add(container(container)));
        return list;
    }

    private ObjectNode container(ContainerSpec container) {
        ContainerRecord known = record.container(container.name());
        ObjectNode out = Json.object();
        out.put("name", container.name());
        out.set("state", state(known.state()));
        out.set("lastState", known.last().map(PodStatus::state).orElseGet(Json::object));
        out.put("ready", isReady(container, known));
        out.put("started", known.isRunning() && known.started());
        out.put("restartCount", known.restarts());
        out.put("image", container.image());
        out.put("imageID", known.image().isEmpty() ? "" : "fairway://" + known.image());
        id(known).ifPresent(id -> out.put("containerID", id));
        carryResources(container, out);
        volumeMounts(container, out);
        return out;
    }

    /// Nothing is set aside here: what is asked for is shown as given.
    private static void carryResources(ContainerSpec container, ObjectNode out) {
        JsonNode asked = Tree.at(container.object(), "resources");
        if (asked instanceof ObjectNode resources) {
            out.set("resources", resources.deepCopy());
            if (resources.get("requests") instanceof ObjectNode requests) {
                out.set("allocatedResources", requests.deepCopy());
            }
        }
    }

    private static void volumeMounts(ContainerSpec container, ObjectNode out) {
        List<ObjectNode> mounts = Tree.objects(container.object(), "volumeMounts");
        if (mounts.isEmpty()) {
            return;
        }
        ArrayNode list = out.putArray("volumeMounts");
        for (ObjectNode mount : mounts) {
            ObjectNode shown = list.addObject();
            Tree.carry(mount, shown, "name");
            Tree.carry(mount, shown, "mountPath");
            if (Tree.flag(mount, "readOnly")) {
                shown.put("readOnly", true).put("recursiveReadOnly", "Disabled");
            }
        }
    }

    /// An ordinary init container counts as ready once it has succeeded.
    private boolean isReady(ContainerSpec container, ContainerRecord known) {
        boolean ordinaryInit = spec.initContainers().contains(container) && !container.sidecar();
        return ordinaryInit ? PodPhase.initialized(container, record) : known.isRunning() && known.ready();
    }

    private static Optional<String> id(ContainerRecord known) {
        return switch (known.state()) {
            case Running running -> Optional.of(running.id());
            case Ended ended -> Optional.of(ended.id());
            case Waiting _ -> known.last().map(Ended::id);
        };
    }

    private static ObjectNode state(ContainerState state) {
        ObjectNode out = Json.object();
        switch (state) {
            case Waiting waiting -> {
                ObjectNode node = out.putObject("waiting").put("reason", waiting.reason());
                if (!waiting.message().isEmpty()) {
                    node.put("message", waiting.message());
                }
            }
            case Running running -> out.putObject("running").put("startedAt", Times.toText(running.since()));
            case Ended ended -> terminated(out.putObject("terminated"), ended);
        }
        return out;
    }

    private static void terminated(ObjectNode out, Ended ended) {
        out.put("exitCode", ended.exitCode());
        if (ended.signal() > 0) {
            out.put("signal", ended.signal());
        }
        out.put("reason", ended.reason());
        if (!ended.message().isEmpty()) {
            out.put("message", ended.message());
        }
        out.put("startedAt", Times.toText(ended.startedAt()));
        out.put("finishedAt", Times.toText(ended.finishedAt()));
        out.put("containerID", ended.id());
    }
}
