package dev.fairway.node.pod;

import dev.fairway.node.pod.ContainerState.Running;
import dev.fairway.node.pod.ContainerState.Waiting;
import dev.fairway.node.pod.PodPlan.Action;
import dev.fairway.node.pod.volume.ApiObjects;
import dev.fairway.node.pod.volume.MountRefused;
import dev.fairway.node.pod.volume.PodVolumes;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes one pod be what its object asks for, on a virtual thread of its own.
///
/// ```
/// take in what happened -> plan (PodPlan) -> act -> keep and report what is known -> wait for the next happening
/// ```
///
/// A failing step is logged and tried again; it never ends the loop.
final class PodLoop {

    private static final Logger LOG = LoggerFactory.getLogger(PodLoop.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /// Steps in a row after which a pod that never comes to rest is slowed down.
    private static final int STEPS_MAX = 50;

    private final PodParts parts;
    private final PodFolder folder;
    private final Runnable forgotten;
    private final PodContainers containers;
    private final Queue<UnaryOperator<PodRecord>> happenings = new ArrayDeque<>();
    private final Thread thread;

    private volatile PodSpec wanted;
    private volatile PodRecord record;
    private ObjectNode reported;
    private boolean orphan;
    private boolean wakened;
    private volatile boolean closed;
    private boolean keepContainers;

    /// @param record what is known of the pod, or a fresh record
    /// @param forgotten called once nothing of the pod is left on the node
    PodLoop(PodParts parts, PodSpec wanted, PodRecord record, Runnable forgotten) {
        this.parts = parts;
        this.wanted = wanted;
        this.record = record;
        this.reported = Tree.at(wanted.object(), "status") instanceof ObjectNode status ? status : Json.object();
        this.folder = PodFolder.of(parts.stateFolder(), wanted.uid());
        this.forgotten = forgotten;
        this.containers = new PodContainers(parts, folder, this::happen);
        this.thread = Thread.ofVirtual().name("pod-" + wanted.key()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    PodSpec wanted() {
        return wanted;
    }

    PodRecord record() {
        return record;
    }

    PodFolder folder() {
        return folder;
    }

    PodContainers containers() {
        return containers;
    }

    /// The pod object is now this one.
    synchronized void want(PodSpec spec) {
        wanted = spec;
        wake();
    }

    /// The pod object is gone.
    synchronized void orphan() {
        orphan = true;
        wake();
    }

    private synchronized void happen(UnaryOperator<PodRecord> happening) {
        happenings.add(happening);
        wake();
    }

    private synchronized void wake() {
        wakened = true;
        notifyAll();
    }

    /// Tells the loop to end; the pod's record stays for a later agent.
    ///
    /// @param keep leave its processes and network as they are
    synchronized void close(boolean keep) {
        keepContainers = keep;
        closed = true;
        wake();
    }

    void awaitEnd() throws InterruptedException {
        thread.join();
    }

    // ---- the loop

    private void run() {
        boolean takenOver = false;
        boolean over = false;
        while (!over && !closed) {
            Instant again = now().plus(RETRY);
            try {
                if (!takenOver) {
                    takeOver();
                    takenOver = true;
                }
                Step step = step();
                over = step.over();
                again = step.again().orElse(Instant.MAX);
            } catch (RuntimeException e) {
                LOG.warn("pod {}: next try in {} s", wanted.key(), RETRY.toSeconds(), e);
            }
            if (!over) {
                await(again);
            }
        }
        if (!over) {
            leave();
        }
    }

    private record Step(boolean over, Optional<Instant> again) {}

    private Step step() {
        for (int i = 0; i < STEPS_MAX; i++) {
            PodSpec spec = wanted;
            PodRecord before = record;
            takeIn();
            PodPlan plan = PodPlan.of(spec, record, isOrphan(), now());
            for (Action action : plan.actions()) {
                if (action instanceof Action.Forget) {
                    forget(spec);
                    return new Step(true, Optional.empty());
                }
                record = apply(spec, action);
            }
            if (!record.equals(before)) {
                folder.write(record);
            }
            report(spec);
            if (plan.actions().isEmpty()) {
                return new Step(false, plan.again());
            }
        }
        return new Step(false, Optional.of(now().plus(RETRY)));
    }

    private PodRecord apply(PodSpec spec, Action action) {
        return switch (action) {
            case Action.SetUp _ -> setUp(spec);
            case Action.Start start -> containers.start(spec, record, start.container());
            case Action.Stop stop -> containers.stop(spec, record, stop);
            case Action.Kill kill -> containers.kill(spec, record, kill.container());
            case Action.Fail fail -> record.failed(fail.why());
            case Action.TearDown _ -> {
                parts.sandbox().remove(spec, folder, record.addresses());
                yield record.networkDown();
            }
            case Action.Forget _ -> throw new IllegalStateException("forgetting ends the loop, it is no change");
        };
    }

    private PodRecord setUp(PodSpec spec) {
        try {
            folder.write(spec.object());
            ApiObjects objects = new ApiObjects(parts.client());
            parts.sandbox().volumes().make(parts.downward(spec, record.addresses()), objects, folder);
            return record.networkUp(parts.sandbox().setUp(spec, folder));
        } catch (MountRefused e) {
            parts.events().warning(spec, "", "FailedMount", e.text());
            return record.setUpFailed(e.text(), now());
        } catch (RuntimeException e) {
            LOG.warn("pod {}: cannot make its network", spec.key(), e);
            String why = "failed to make the pod's network: " + e.getMessage();
            parts.events().warning(spec, "", "FailedCreatePodSandBox", why);
            return record.setUpFailed(why, now());
        }
    }

    /// Brings volumes up to date while the pod has its network; called from outside the loop.
    void refreshVolumes(ApiObjects objects) {
        PodSpec spec = wanted;
        if (!record.networkUp() || closed || !PodVolumes.canChange(spec)) {
            return;
        }
        try {
            parts.sandbox().volumes().refresh(parts.downward(spec, record.addresses()), objects, folder);
        } catch (MountRefused e) {
            parts.events().warning(spec, "", "FailedMount", e.text());
        }
    }

    private void forget(PodSpec spec) {
        if (!isOrphan()) {
            parts.reporter()
                    .finish(spec, PodStatus.of(spec, record, parts.sandbox().hostAddresses(), reported, now()));
        }
        folder.remove();
        forgotten.run();
    }

    private void report(PodSpec spec) {
        ObjectNode status = PodStatus.of(spec, record, parts.sandbox().hostAddresses(), reported, now());
        if (!status.equals(reported)) {
            reported = status;
            parts.reporter().report(spec, status);
        }
    }

    // ---- before and after

    /// Finds again what an earlier agent left of the pod, if it left anything.
    private void takeOver() {
        boolean runs = record.networkUp() || !record.running().isEmpty();
        if (!runs) {
            return;
        }
        record = parts.sandbox().exists(wanted) ? record : record.networkDown();
        try {
            parts.sandbox().volumes().makeLocal(wanted, folder);
        } catch (MountRefused e) {
            LOG.warn("pod {}: {}", wanted.key(), e.text());
        }
        // completes what is missing; after a restart of the machine that is everything
        record = record.networkUp(parts.sandbox().setUp(wanted, folder));
        for (ContainerRecord container : record.running()) {
            record = containers.adopt(wanted, record, container, (Running) container.state());
        }
        folder.write(record);
    }

    private void leave() {
        if (keepContainers) {
            containers.abandon();
            return;
        }
        try {
            record = containers.end(wanted, record);
            parts.sandbox().takeDown(wanted, folder, record.addresses());
            record = record.networkDown();
            folder.write(record);
        } catch (RuntimeException e) {
            LOG.warn("pod {}: cannot end cleanly", wanted.key(), e);
        }
    }

    // ---- waiting

    private synchronized boolean isOrphan() {
        return orphan;
    }

    private synchronized void takeIn() {
        wakened = false;
        for (var happening = happenings.poll(); happening != null; happening = happenings.poll()) {
            record = happening.apply(record);
        }
    }

    private synchronized void await(Instant again) {
        try {
            long left = millisUntil(again);
            while (!wakened && !closed && left > 0) {
                wait(left);
                left = millisUntil(again);
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private long millisUntil(Instant time) {
        return time.equals(Instant.MAX)
                ? Long.MAX_VALUE
                : Math.max(0, Duration.between(now(), time).toMillis() + 1);
    }

    private Instant now() {
        return parts.clock().instant();
    }

    /// The number of the run whose log is asked for: the current or newest one, or the one before it.
    Optional<Integer> attempt(String container, boolean previous) {
        ContainerRecord known = record.container(container);
        boolean waits = known.state() instanceof Waiting;
        if (waits && known.last().isEmpty()) {
            return Optional.empty();
        }
        int newest = known.restarts();
        int asked = previous && !waits ? newest - 1 : newest;
        return asked < 0 ? Optional.empty() : Optional.of(asked);
    }
}
