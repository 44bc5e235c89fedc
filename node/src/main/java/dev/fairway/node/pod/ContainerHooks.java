package dev.fairway.node.pod;

import dev.fairway.node.pod.ProbeCheck.Answer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// Runs what a container wants to be done when it has started and before it ends, each on a virtual thread.
final class ContainerHooks {

    private static final long LONGEST_SECONDS = Duration.ofHours(1).toSeconds();

    private final PodEvents events;

    ContainerHooks(PodEvents events) {
        this.events = events;
    }

    /// @param failed hears when the hook does not succeed: the container must be ended then
    void started(PodSpec pod, ContainerCheck check, Consumer<String> failed) {
        ContainerSpec container = check.container();
        container
                .hook("postStart")
                .ifPresent(hook -> Thread.ofVirtual()
                        .name("post-start-" + pod.key())
                        .start(() -> {
                            if (!check.ask(hook, LONGEST_SECONDS).well()) {
                                events.warning(pod, container.name(), "FailedPostStartHook", "PostStartHook failed");
                                failed.accept("FailedPostStartHook");
                            }
                        }));
    }

    /// Asks the container to end, after its hook if it has one.
    ///
    /// @param limit how long the hook may take
    void end(PodSpec pod, ContainerCheck check, Container container, Duration limit) {
        Optional<ProbeSpec.Check> hook = check.container().hook("preStop");
        if (hook.isEmpty() || !limit.isPositive()) {
            container.terminate();
            return;
        }
        Thread ask = Thread.ofVirtual().name("pre-stop-" + pod.key()).start(() -> {
            Answer answer = check.ask(hook.get(), Math.max(1, limit.toSeconds()));
            if (!answer.well()) {
                events.warning(pod, check.container().name(), "FailedPreStopHook", "PreStopHook failed");
            }
            container.terminate();
        });
        // the container may end by itself: then there is nothing to be stopped any more
        var _ = container.exit().whenComplete((_, _) -> ask.interrupt());
    }
}
