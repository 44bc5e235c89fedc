package dev.fairway.node.pod;

import dev.fairway.address.IpAddress;
import dev.fairway.node.pod.ContainerState.Ended;
import dev.fairway.node.pod.ContainerState.Running;
import dev.fairway.node.pod.ContainerState.Waiting;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The form of a PodRecord in its state file.
final class RecordFile {

    private RecordFile() {}

    static ObjectNode toTree(PodRecord record) {
        ObjectNode out = Json.object();
        out.put("namespace", record.namespace());
        out.put("name", record.name());
        out.put("uid", record.uid());
        out.put("startTime", record.startTime().toString());
        ArrayNode addresses = out.putArray("addresses");
        record.addresses().forEach(address -> addresses.add(address.toString()));
        out.put("networkUp", record.networkUp());
        record.failure()
                .ifPresent(failure ->
                        out.putObject("failure").put("reason", failure.reason()).put("message", failure.message()));
        ArrayNode containers = out.putArray("containers");
        record.containers().values().forEach(container -> containers.add(container(container)));
        return out;
    }

    /// @throws IllegalArgumentException when a field does not hold what this version writes
    static PodRecord parse(ObjectNode tree) {
        SortedMap<String, ContainerRecord> containers = new TreeMap<>();
        for (ObjectNode container : Tree.objects(tree, "containers")) {
            containers.put(Tree.text(container, "name"), container(container));
        }
        return new PodRecord(
                Tree.text(tree, "namespace"),
                Tree.text(tree, "name"),
                Tree.text(tree, "uid"),
                time(tree, "startTime"),
                Tree.texts(tree, "addresses").stream().map(IpAddress::parse).toList(),
                Tree.flag(tree, "networkUp"),
                Instant.EPOCH,
                0,
                "",
                Tree.has(tree, "failure")
                        ? Optional.of(new PodRecord.Failure(
                                Tree.text(tree, "failure", "reason"), Tree.text(tree, "failure", "message")))
                        : Optional.empty(),
                containers);
    }

    private static ObjectNode container(ContainerRecord container) {
        ObjectNode out = Json.object();
        out.put("name", container.name());
        out.put("image", container.image());
        out.set("state", state(container.state()));
        container.last().ifPresent(last -> out.set("last", state(last)));
        out.put("restarts", container.restarts());
        out.put("failures", container.failures());
        out.put("started", container.started());
        out.put("ready", container.ready());
        container.condemned().ifPresent(why -> out.put("condemned", why));
        container.killAt().ifPresent(at -> out.put("killAt", at.toString()));
        return out;
    }

    private static ContainerRecord container(ObjectNode tree) {
        return new ContainerRecord(
                Tree.text(tree, "name"),
                Tree.text(tree, "image"),
                state(Tree.at(tree, "state")),
                Tree.at(tree, "last") instanceof ObjectNode last ? Optional.of(ended(last)) : Optional.empty(),
                (int) Tree.number(tree, 0, "restarts"),
                (int) Tree.number(tree, 0, "failures"),
                Tree.flag(tree, "started"),
                Tree.flag(tree, "ready"),
                Tree.has(tree, "condemned") ? Optional.of(Tree.text(tree, "condemned")) : Optional.empty(),
                Tree.has(tree, "killAt") ? Optional.of(time(tree, "killAt")) : Optional.empty());
    }

    private static ObjectNode state(ContainerState state) {
        ObjectNode out = Json.object();
        return switch (state) {
            case Waiting waiting ->
                out.put("is", "waiting")
                        .put("reason", waiting.reason())
                        .put("message", waiting.message())
                        .put("until", waiting.until().toString());
            case Running running ->
                out.put("is", "running")
                        .put("id", running.id())
                        .put("since", running.since().toString())
                        .put("pid", running.pid())
                        .put("startTicks", running.startTicks());
            case Ended ended ->
                out.put("is", "ended")
                        .put("id", ended.id())
                        .put("exitCode", ended.exitCode())
                        .put("reason", ended.reason())
                        .put("message", ended.message())
                        .put("startedAt", ended.startedAt().toString())
                        .put("finishedAt", ended.finishedAt().toString());
        };
    }

    private static ContainerState state(JsonNode tree) {
        return switch (Tree.text(tree, "is")) {
            case "waiting" -> new Waiting(Tree.text(tree, "reason"), Tree.text(tree, "message"), time(tree, "until"));
            case "running" ->
                new Running(
                        Tree.text(tree, "id"),
                        time(tree, "since"),
                        Tree.number(tree, 0, "pid"),
                        Tree.number(tree, 0, "startTicks"));
            case "ended" -> ended(tree);
            default -> throw new IllegalArgumentException("state file: unknown container state " + tree);
        };
    }

    private static Ended ended(JsonNode tree) {
        return new Ended(
                Tree.text(tree, "id"),
                (int) Tree.number(tree, 0, "exitCode"),
                Tree.text(tree, "reason"),
                Tree.text(tree, "message"),
                time(tree, "startedAt"),
                time(tree, "finishedAt"));
    }

    private static Instant time(JsonNode tree, String field) {
        return Instant.parse(Tree.text(tree, field));
    }
}
