package dev.fairway.node.pod;

import dev.fairway.node.pod.ContainerState.Ended;
import dev.fairway.node.pod.ContainerState.Running;
import dev.fairway.node.pod.ContainerState.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What to do next for a pod, decided from what is wanted and what is known. Pure.
///
/// The life of a pod: make its network, run the init containers one after another, run the containers, start again what
/// the restart policy wants, and at the end stop everything, take the network down and forget the pod.
///
/// @param actions to do now, in this order
/// @param again when to look again though nothing happens before
public record PodPlan(List<Action> actions, Optional<Instant> again) {

    /// One step towards what is wanted.
    public sealed interface Action {
        /// Give the pod its addresses, network namespace and files.
        record SetUp() implements Action {}

        record Start(ContainerSpec container) implements Action {}

        /// Ask a container to end; it is killed at `killAt`.
        record Stop(String container, Instant killAt, String why) implements Action {}

        record Kill(String container) implements Action {}

        /// Give the pod up as a whole.
        record Fail(PodRecord.Failure why) implements Action {}

        /// Take the network down and give the addresses back.
        record TearDown() implements Action {}

        /// Delete the pod object for good and remove the pod's folder.
        record Forget() implements Action {}
    }

    /// How long the containers of a pod get whose object was removed by force.
    private static final Duration ORPHAN_GRACE = Duration.ofSeconds(2);

    private static final PodRecord.Failure OVERDUE =
            new PodRecord.Failure("DeadlineExceeded", "Pod was active on the node longer than the specified deadline");

    public PodPlan {
        actions = List.copyOf(actions);
    }

    /// @param orphan the pod object does not exist any more
    public static PodPlan of(PodSpec spec, PodRecord record, boolean orphan, Instant now) {
        Steps steps = new Steps(spec, record, now);
        if (orphan || spec.deleteBy().isPresent()) {
            steps.end(orphan ? now.plus(ORPHAN_GRACE) : deadline(spec, now));
        } else if (PodPhase.of(spec, record).isFinal()) {
            steps.finish();
        } else if (steps.isOverdue()) {
            steps.actions.add(new Action.Fail(OVERDUE));
        } else if (!record.networkUp()) {
            steps.setUp();
        } else {
            steps.run();
        }
        return new PodPlan(steps.actions, Optional.ofNullable(steps.again));
    }

    /// The API tells the end of the grace period in whole seconds, cut off: a part of a second is not taken away.
    private static Instant deadline(PodSpec spec, Instant now) {
        Instant own = now.plusSeconds(spec.graceSeconds());
        return spec.deleteBy()
                .map(end -> end.plusSeconds(1))
                .filter(own::isAfter)
                .orElse(own);
    }

    /// Collects the steps of one plan.
    private static final class Steps {
        private final PodSpec spec;
        private final PodRecord record;
        private final Instant now;
        private final List<Action> actions = new ArrayList<>();
        private @Nullable Instant again;

        Steps(PodSpec spec, PodRecord record, Instant now) {
            this.spec = spec;
            this.record = record;
            this.now = now;
        }

        void setUp() {
            if (isDue(record.setUpAfter())) {
                actions.add(new Action.SetUp());
            }
        }

        void run() {
            for (ContainerSpec container : spec.initContainers()) {
                keep(container);
                if (!PodPhase.initialized(container, record)) {
                    return;
                }
            }
            spec.containers().forEach(this::keep);
        }

        /// Whether the pod was active for longer than it may be.
        boolean isOverdue() {
            return spec.activeDeadline()
                    .filter(limit -> isDue(record.startTime().plus(limit)))
                    .isPresent();
        }

        void finish() {
            stopInOrder(now.plusSeconds(spec.graceSeconds()));
            if (record.running().isEmpty() && record.networkUp()) {
                actions.add(new Action.TearDown());
            }
        }

        void end(Instant killAt) {
            stopInOrder(killAt);
            if (record.running().isEmpty()) {
                actions.add(new Action.TearDown());
                actions.add(new Action.Forget());
            }
        }

        /// The containers first, all at once; then the sidecars that served them, the last started first.
        private void stopInOrder(Instant killAt) {
            List<ContainerRecord> running = record.running();
            List<ContainerRecord> first =
                    running.stream().filter(container -> !isSidecar(container)).toList();
            if (first.isEmpty()) {
                first = spec.initContainers().reversed().stream()
                        .map(init -> record.container(init.name()))
                        .filter(ContainerRecord::isRunning)
                        .limit(1)
                        .toList();
            }
            first.forEach(container -> stop(container, killAt, "Stopping container " + container.name()));
        }

        private boolean isSidecar(ContainerRecord container) {
            return spec.initContainers().stream()
                    .anyMatch(init -> init.sidecar() && init.name().equals(container.name()));
        }

        private void keep(ContainerSpec container) {
            ContainerRecord known = record.container(container.name());
            switch (known.state()) {
                case Waiting waiting -> {
                    if (isDue(waiting.until()) || isNewImage(container, known, waiting)) {
                        actions.add(new Action.Start(container));
                    }
                }
                case Running _ -> keepRunning(container, known);
                case Ended ended -> {
                    if (spec.restartPolicyOf(container).restartsAfter(ended.exitCode())) {
                        actions.add(new Action.Start(container));
                    }
                }
            }
        }

        /// A refused image was replaced: no reason to wait.
        private static boolean isNewImage(ContainerSpec container, ContainerRecord known, Waiting waiting) {
            return waiting.reason().contains("Image") && !known.image().equals(container.image());
        }

        private void keepRunning(ContainerSpec container, ContainerRecord known) {
            Instant killAt = now.plusSeconds(graceSeconds(container, known));
            if (known.condemned().isPresent()) {
                stop(known, killAt, known.condemned().get());
            } else if (!known.image().equals(container.image())) {
                stop(known, killAt, "Container %s definition changed, will be restarted".formatted(container.name()));
            }
        }

        private long graceSeconds(ContainerSpec container, ContainerRecord known) {
            Optional<ProbeSpec> probe = known.started() ? container.livenessProbe() : container.startupProbe();
            return probe.map(ProbeSpec::graceSeconds)
                    .filter(seconds -> seconds >= 0)
                    .orElse(spec.graceSeconds());
        }

        private void stop(ContainerRecord container, Instant killAt, String why) {
            Instant told = container.killAt().orElse(Instant.MAX);
            if (container.killAt().isEmpty()) {
                actions.add(new Action.Stop(container.name(), killAt, why));
            } else if (isDue(told.isBefore(killAt) ? told : killAt)) {
                actions.add(new Action.Kill(container.name()));
            }
        }

        private boolean isDue(Instant time) {
            if (!time.isAfter(now)) {
                return true;
            }
            again = again == null || time.isBefore(again) ? time : again;
            return false;
        }
    }
}
