package dev.fairway.node.pod;

import dev.fairway.node.pod.ContainerState.Ended;
import dev.fairway.node.pod.ContainerState.Running;
import dev.fairway.node.pod.ContainerState.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What the node knows about one container: observed, kept in the pod's state file, and reported.
///
/// @param image the image of the last start or refusal; empty before
/// @param last the run before this one
/// @param restarts starts after the first
/// @param failures ends or refused starts in a row, for the back-off
/// @param started its startup probe has passed, or it has none
/// @param ready its readiness probe passes, or it has none
/// @param condemned why it must be stopped although the pod stays: a probe's verdict
/// @param killAt set once it was told to end
public record ContainerRecord(
        String name,
        String image,
        ContainerState state,
        Optional<Ended> last,
        int restarts,
        int failures,
        boolean started,
        boolean ready,
        Optional<String> condemned,
        Optional<Instant> killAt) {

    static ContainerRecord fresh(String name, String waitingReason) {
        return new ContainerRecord(
                name,
                "",
                Waiting.now(waitingReason),
                Optional.empty(),
                0,
                0,
                false,
                false,
                Optional.empty(),
                Optional.empty());
    }

    public boolean isRunning() {
        return state instanceof Running;
    }

    /// The number of the run that comes next, counted from 0; log files carry it.
    int nextAttempt() {
        return hasRun() ? restarts + 1 : 0;
    }

    private boolean hasRun() {
        return last.isPresent() || state instanceof Ended;
    }

    ContainerRecord runs(ContainerSpec spec, Running running) {
        Optional<Ended> before = state instanceof Ended ended ? Optional.of(ended) : last;
        boolean starts = spec.startupProbe().isEmpty();
        boolean isReady = starts && spec.readinessProbe().isEmpty();
        return new ContainerRecord(
                name,
                spec.image(),
                running,
                before,
                nextAttempt(),
                failures,
                starts,
                isReady,
                Optional.empty(),
                Optional.empty());
    }

    /// The container has ended. Where the policy starts it again, but not at once, it waits in `CrashLoopBackOff`.
    ContainerRecord ended(Ended end, boolean restart, String podName) {
        boolean forgiven = Duration.between(end.startedAt(), end.finishedAt()).compareTo(Backoff.FORGIVEN_AFTER) >= 0;
        int count = forgiven ? 1 : failures + 1;
        Duration delay = Backoff.afterFailures(count);
        boolean waits = restart && !delay.isZero();
        ContainerState next = waits
                ? new Waiting(
                        "CrashLoopBackOff",
                        "back-off %s restarting failed container=%s pod=%s".formatted(toText(delay), name, podName),
                        end.finishedAt().plus(delay))
                : end;
        return new ContainerRecord(
                name,
                image,
                next,
                waits ? Optional.of(end) : last,
                restarts,
                count,
                false,
                false,
                Optional.empty(),
                Optional.empty());
    }

    /// It could not be started; the back-off decides when the next try is.
    ContainerRecord refused(String refusedImage, String reason, String message, Instant until) {
        Optional<Ended> before = state instanceof Ended ended ? Optional.of(ended) : last;
        return new ContainerRecord(
                name,
                refusedImage,
                new Waiting(reason, message, until),
                before,
                restarts,
                failures + 1,
                false,
                false,
                Optional.empty(),
                Optional.empty());
    }

    ContainerRecord withProbes(boolean isStarted, boolean isReady) {
        return new ContainerRecord(name, image, state, last, restarts, failures, isStarted, isReady, condemned, killAt);
    }

    ContainerRecord condemnedFor(String why) {
        return new ContainerRecord(
                name, image, state, last, restarts, failures, started, ready, Optional.of(why), killAt);
    }

    ContainerRecord told(Instant kill) {
        return new ContainerRecord(
                name, image, state, last, restarts, failures, started, ready, condemned, Optional.of(kill));
    }

    private static String toText(Duration delay) {
        long minutes = delay.toMinutes();
        return (minutes > 0 ? minutes + "m" : "") + delay.toSecondsPart() + "s";
    }
}
