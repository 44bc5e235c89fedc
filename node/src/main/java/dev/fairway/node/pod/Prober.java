package dev.fairway.node.pod;

import dev.fairway.node.pod.ProbeCheck.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Probes one running container: its startup probe until that passes, then liveness and readiness side by side, each
/// on a virtual thread of its own.
final class Prober implements AutoCloseable {

    /// What a probe has come to.
    record Verdict(ProbeState state, String message) {}

    private final ContainerSpec container;
    private final ContainerCheck check;
    private final Consumer<Verdict> verdicts;
    private volatile boolean closed;
    private volatile List<Thread> threads = List.of();

    /// @param verdicts hears every answer, from several threads
    Prober(ContainerCheck check, Consumer<Verdict> verdicts) {
        this.container = check.container();
        this.check = check;
        this.verdicts = verdicts;
    }

    /// @param known for a container that was running before: probes go on from its state
    void start(ContainerRecord known) {
        if (!known.started() && container.startupProbe().isPresent()) {
            ProbeSpec startup = container.startupProbe().get();
            threads = List.of(thread(startup, () -> {
                if (run(ProbeState.initial(startup))) {
                    startOthers(false);
                }
            }));
        } else {
            startOthers(known.ready());
        }
    }

    private synchronized void startOthers(boolean ready) {
        if (closed) {
            return;
        }
        List<Thread> started = new ArrayList<>();
        container.livenessProbe().ifPresent(probe -> started.add(thread(probe, () -> run(ProbeState.initial(probe)))));
        container
                .readinessProbe()
                .ifPresent(probe -> started.add(thread(probe, () -> run(new ProbeState(probe, ready, ready, 0)))));
        threads = List.copyOf(started);
    }

    private Thread thread(ProbeSpec probe, Runnable body) {
        return Thread.ofVirtual()
                .name("probe-" + container.name() + "-" + probe.kind().field())
                .start(body);
    }

    /// Asks again and again.
    ///
    /// @return true when a startup probe has passed; otherwise it returns only when this prober is closed or the
    /// container is condemned
    private boolean run(ProbeState initial) {
        ProbeSpec spec = initial.spec();
        ProbeState state = initial;
        boolean open = pause(spec.initialDelaySeconds() * 1000);
        while (open && !closed) {
            Answer answer = check.ask(spec.check(), spec.timeoutSeconds());
            state = state.next(answer.well());
            if (closed) {
                return false;
            }
            verdicts.accept(new Verdict(state, answer.message()));
            if (spec.kind() == ProbeSpec.Kind.STARTUP && state.passing()) {
                return true;
            }
            open = !state.condemns() && pause(spec.periodSeconds() * 1000);
        }
        return false;
    }

    private boolean pause(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
    }
}
