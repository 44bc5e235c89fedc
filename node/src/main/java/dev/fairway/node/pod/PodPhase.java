package dev.fairway.node.pod;

import dev.fairway.node.pod.ContainerState.Ended;
import dev.fairway.node.pod.ContainerState.Running;
import dev.fairway.node.pod.ContainerState.Waiting;
import java.util.List;

/// `status.phase`, from the states of a pod's containers, by the kubelet's rules.
public enum PodPhase {
    PENDING("Pending"),
    RUNNING("Running"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed");

    private final String text;

    PodPhase(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /// Nothing will run in the pod any more.
    public boolean isFinal() {
        return this == SUCCEEDED || this == FAILED;
    }

    static PodPhase of(PodSpec spec, PodRecord record) {
        if (record.failure().isPresent()) {
            return FAILED;
        }
        if (initFailed(spec, record)) {
            return FAILED;
        }
        if (!initialized(spec, record) && !anyHasRun(spec, record)) {
            return PENDING;
        }
        return ofContainers(spec, record);
    }

    /// Every init container is done: an ordinary one has succeeded, a sidecar has started.
    static boolean initialized(PodSpec spec, PodRecord record) {
        return spec.initContainers().stream().allMatch(container -> initialized(container, record));
    }

    static boolean initialized(ContainerSpec container, PodRecord record) {
        ContainerRecord known = record.container(container.name());
        return container.sidecar()
                ? known.started() || known.last().isPresent()
                : known.state() instanceof Ended ended && ended.exitCode() == 0;
    }

    private static boolean initFailed(PodSpec spec, PodRecord record) {
        return spec.initContainers().stream()
                .filter(container -> !container.sidecar())
                .anyMatch(container -> record.container(container.name()).state() instanceof Ended ended
                        && ended.exitCode() != 0
                        && !restarts(spec, container, ended));
    }

    private static boolean restarts(PodSpec spec, ContainerSpec container, Ended ended) {
        return spec.deleteBy().isEmpty() && spec.restartPolicyOf(container).restartsAfter(ended.exitCode());
    }

    private static boolean anyHasRun(PodSpec spec, PodRecord record) {
        return spec.containers().stream()
                .map(container -> record.container(container.name()))
                .anyMatch(known -> known.last().isPresent() || !(known.state() instanceof Waiting));
    }

    private static PodPhase ofContainers(PodSpec spec, PodRecord record) {
        List<ContainerRecord> all = spec.containers().stream()
                .map(container -> record.container(container.name()))
                .toList();
        if (all.stream()
                .anyMatch(known ->
                        known.state() instanceof Waiting && known.last().isEmpty())) {
            return PENDING;
        }
        if (all.stream().anyMatch(known -> known.state() instanceof Running)) {
            return RUNNING;
        }
        boolean allSucceeded =
                all.stream().allMatch(known -> known.state() instanceof Ended ended && ended.exitCode() == 0);
        if (spec.deleteBy().isPresent()) {
            return allSucceeded ? SUCCEEDED : FAILED;
        }
        return switch (spec.restartPolicy()) {
            case ALWAYS -> RUNNING;
            case ON_FAILURE -> allSucceeded ? SUCCEEDED : RUNNING;
            case NEVER -> allSucceeded ? SUCCEEDED : FAILED;
        };
    }
}
