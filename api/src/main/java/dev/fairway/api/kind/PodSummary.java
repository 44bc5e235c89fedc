package dev.fairway.api.kind;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A pod in a few words.
///
/// @param ready ready containers, of `containers`
/// @param status the phase, or the word that says more
/// @param lastRestart RFC 3339, empty when unknown
record PodSummary(int ready, int containers, String status, long restarts, String lastRestart) {

    static PodSummary of(ObjectNode pod) {
        return new Reader(pod).read();
    }

    /// Walks over the container statuses; gone after one use.
    private static final class Reader {
        private final ObjectNode pod;
        private final Set<String> sidecars = new HashSet<>();
        private int ready;
        private String status;
        private long restarts;
        private String lastRestart = "";
        private long sidecarRestarts;
        private String lastSidecarRestart = "";

        Reader(ObjectNode pod) {
            this.pod = pod;
            String reason = Tree.text(pod, "status", "reason");
            this.status = reason.isEmpty() ? Tree.text(pod, "status", "phase") : reason;
        }

        PodSummary read() {
            for (ObjectNode container : Tree.objects(pod, "spec", "initContainers")) {
                if (Tree.text(container, "restartPolicy").equals("Always")) {
                    sidecars.add(Tree.text(container, "name"));
                }
            }
            int containers = Tree.objects(pod, "spec", "containers").size() + sidecars.size();
            if (isGated()) {
                status = "SchedulingGated";
            }
            boolean initializing = initContainers();
            if (!initializing || isCondition("Initialized")) {
                restarts = sidecarRestarts;
                lastRestart = lastSidecarRestart;
                containers();
            }
            deletion();
            return new PodSummary(ready, containers, status, restarts, lastRestart);
        }

        private boolean isGated() {
            return Tree.objects(pod, "status", "conditions").stream()
                    .anyMatch(condition -> Tree.text(condition, "type").equals("PodScheduled")
                            && Tree.text(condition, "reason").equals("SchedulingGated"));
        }

        private boolean isCondition(String type) {
            return Tree.objects(pod, "status", "conditions").stream()
                    .anyMatch(condition -> Tree.text(condition, "type").equals(type)
                            && Tree.text(condition, "status").equals("True"));
        }

        /// @return whether an init container is still to finish
        private boolean initContainers() {
            List<ObjectNode> all = Tree.objects(pod, "status", "initContainerStatuses");
            int total = Tree.objects(pod, "spec", "initContainers").size();
            for (int i = 0; i < all.size(); i++) {
                ObjectNode container = all.get(i);
                countRestarts(container);
                boolean sidecar = sidecars.contains(Tree.text(container, "name"));
                if (sidecar) {
                    sidecarRestarts += Tree.number(container, 0, "restartCount");
                    lastSidecarRestart = later(lastSidecarRestart, container);
                }
                JsonNode ended = Tree.at(container, "state", "terminated");
                if (!ended.isMissingNode() && Tree.number(ended, 0, "exitCode") == 0) {
                    continue;
                }
                if (sidecar && Tree.flag(container, "started")) {
                    ready += Tree.flag(container, "ready") ? 1 : 0;
                    continue;
                }
                status = "Init:" + initState(container, ended, i + "/" + total);
                return true;
            }
            return false;
        }

        private static String initState(ObjectNode container, JsonNode ended, String progress) {
            if (!ended.isMissingNode()) {
                return endedBy(ended);
            }
            String waiting = Tree.text(container, "state", "waiting", "reason");
            return waiting.isEmpty() || waiting.equals("PodInitializing") ? progress : waiting;
        }

        private void containers() {
            boolean running = false;
            for (ObjectNode container :
                    Tree.objects(pod, "status", "containerStatuses").reversed()) {
                countRestarts(container);
                String waiting = Tree.text(container, "state", "waiting", "reason");
                JsonNode ended = Tree.at(container, "state", "terminated");
                if (!waiting.isEmpty()) {
                    status = waiting;
                } else if (!ended.isMissingNode()) {
                    status = endedBy(ended);
                } else if (Tree.flag(container, "ready") && Tree.has(container, "state", "running")) {
                    running = true;
                    ready++;
                }
            }
            if (status.equals("Completed") && running) {
                status = isCondition("Ready") ? "Running" : "NotReady";
            }
        }

        private static String endedBy(JsonNode ended) {
            String reason = Tree.text(ended, "reason");
            long signal = Tree.number(ended, 0, "signal");
            if (!reason.isEmpty()) {
                return reason;
            }
            return signal != 0 ? "Signal:" + signal : "ExitCode:" + Tree.number(ended, 0, "exitCode");
        }

        private void countRestarts(ObjectNode container) {
            restarts += Tree.number(container, 0, "restartCount");
            lastRestart = later(lastRestart, container);
        }

        private static String later(String known, ObjectNode container) {
            String ended = Tree.text(container, "lastState", "terminated", "finishedAt");
            return ended.compareTo(known) > 0 ? ended : known;
        }

        private void deletion() {
            if (!Meta.isBeingDeleted(pod)) {
                return;
            }
            String phase = Tree.text(pod, "status", "phase");
            if (Tree.text(pod, "status", "reason").equals("NodeLost")) {
                status = "Unknown";
            } else if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
                status = "Terminating";
            }
        }
    }
}
