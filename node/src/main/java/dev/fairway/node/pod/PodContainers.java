package dev.fairway.node.pod;

import dev.fairway.node.pod.Container.StartRefused;
import dev.fairway.node.pod.ContainerState.Ended;
import dev.fairway.node.pod.ContainerState.Running;
import dev.fairway.node.pod.ContainerState.Waiting;
import dev.fairway.node.pod.PodPlan.Action;
import dev.fairway.node.pod.ProbeSpec.Kind;
import dev.fairway.schema.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The live containers of one pod. Its methods act and return what is known afterwards; they are called by the pod's
/// loop alone. What happens in between (an end, a probe's answer) is handed to the loop as a change of the record.
final class PodContainers {

    private static final Logger LOG = LoggerFactory.getLogger(PodContainers.class);
    private static final Duration FIRST_PULL_BACKOFF = Duration.ofSeconds(2);
    private static final Duration LEAVING_GRACE = Duration.ofSeconds(3);
    private static final int KILLED = 137;
    private static final int START_FAILED = 128;

    private final PodParts parts;
    private final PodFolder folder;
    private final Consumer<UnaryOperator<PodRecord>> happenings;
    private final Map<String, Live> live = new ConcurrentHashMap<>();
    private final Set<String> attached = ConcurrentHashMap.newKeySet();
    private final ContainerHooks hooks;

    private record Live(Container container, ContainerStarter.Run run, ContainerCheck check, Prober prober) {}

    PodContainers(PodParts parts, PodFolder folder, Consumer<UnaryOperator<PodRecord>> happenings) {
        this.parts = parts;
        this.folder = folder;
        this.happenings = happenings;
        this.hooks = new ContainerHooks(parts.events());
    }

    Optional<Container> find(String name) {
        return Optional.ofNullable(live.get(name)).map(Live::container);
    }

    /// The run of a live container, with what was worked out for it.
    Optional<ContainerStarter.Run> findRun(String name) {
        return Optional.ofNullable(live.get(name)).map(Live::run);
    }

    /// A client attaches to a run.
    ///
    /// @return whether it is the first
    boolean attach(String runId) {
        return attached.add(runId);
    }

    ContainerStarter.Run run(
            PodSpec spec, PodRecord record, ContainerSpec container, ImageMap.Image image, int attempt) {
        return new ContainerStarter.Run(
                spec,
                record,
                container,
                image,
                attempt,
                folder,
                parts.sandbox().namespace(spec),
                new Memo<>(() -> parts.environment(spec, record, container)));
    }

    // ---- start

    PodRecord start(PodSpec spec, PodRecord record, ContainerSpec container) {
        Optional<ImageMap.Image> image = parts.images().find(container.image());
        if (image.isEmpty()) {
            return refuseImage(spec, record, container);
        }
        int attempt = record.container(container.name()).nextAttempt();
        ContainerStarter.Run run = run(spec, record, container, image.get(), attempt);
        try {
            Container started = parts.starter().start(run);
            PodRecord next = record.with(container.name(), known -> known.runs(container, started.state()));
            Live one = keep(spec, next, container, started, run);
            tellStarted(spec, container);
            hooks.started(
                    spec,
                    one.check(),
                    why -> happenings.accept(
                            known -> known.with(container.name(), before -> before.condemnedFor(why))));
            return next;
        } catch (StartRefused e) {
            return e.reason().equals("RunContainerError")
                    ? startFailed(spec, record, container, run, e.text())
                    : refuse(spec, record, container, e.reason(), e.text());
        } catch (Environment.MissingSource e) {
            return refuse(spec, record, container, "CreateContainerConfigError", String.valueOf(e.getMessage()));
        } catch (ApiException e) {
            return refuse(spec, record, container, "CreateContainerConfigError", e.text());
        }
    }

    /// A command that cannot be run counts as one that ended at once: the restart policy decides.
    private PodRecord startFailed(
            PodSpec spec, PodRecord record, ContainerSpec container, ContainerStarter.Run run, String message) {
        String name = container.name();
        parts.events().warning(spec, name, "Failed", "Error: " + message);
        Ended end = new Ended(run.id(), START_FAILED, "StartError", message, now(), now());
        return record.with(name, known -> known.runs(container, new Running(run.id(), now(), 0, 0)))
                .ended(spec, name, end);
    }

    private void tellStarted(PodSpec spec, ContainerSpec container) {
        PodEvents events = parts.events();
        String name = container.name();
        events.normal(spec, name, "Pulled", "Container image \"" + container.image() + "\" already present on machine");
        events.normal(spec, name, "Created", "Created container: " + name);
        events.normal(spec, name, "Started", "Started container " + name);
    }

    private PodRecord refuseImage(PodSpec spec, PodRecord record, ContainerSpec container) {
        String message = ImageMap.refusal(container.image());
        String name = container.name();
        ContainerRecord known = record.container(name);
        boolean first = !known.image().equals(container.image()) || known.failures() == 0;
        Duration delay = first ? FIRST_PULL_BACKOFF : Backoff.afterFailures(known.failures() + 1);
        String reason = first ? "ErrImagePull" : "ImagePullBackOff";
        String backOff = "Back-off pulling image \"" + container.image() + "\"";
        String shown = first ? message : backOff + ": " + message;
        PodEvents events = parts.events();
        if (first) {
            events.normal(spec, name, "Pulling", "Pulling image \"" + container.image() + "\"");
            events.warning(spec, name, "Failed", "Failed to pull image \"" + container.image() + "\": " + message);
        } else {
            events.normal(spec, name, "BackOff", backOff);
        }
        events.warning(spec, name, "Failed", "Error: " + reason);
        return record.with(name, before -> before.refused(container.image(), reason, shown, now().plus(delay)));
    }

    private PodRecord refuse(PodSpec spec, PodRecord record, ContainerSpec container, String reason, String message) {
        parts.events().warning(spec, container.name(), "Failed", "Error: " + message);
        Duration delay =
                Backoff.afterFailures(record.container(container.name()).failures() + 2);
        return record.with(
                container.name(), before -> before.refused(container.image(), reason, message, now().plus(delay)));
    }

    /// Watches a running container: its end and its probes.
    private Live keep(
            PodSpec spec, PodRecord record, ContainerSpec container, Container started, ContainerStarter.Run run) {
        String name = container.name();
        ContainerCheck check = new ContainerCheck(
                container,
                record.addresses().stream().findFirst(),
                parts.probes(),
                (command, seconds) -> parts.exec().check(run, started.state(), command, seconds));
        Prober prober =
                new Prober(check, verdict -> happenings.accept(known -> probed(spec, container, known, verdict)));
        Live one = new Live(started, run, check, prober);
        live.put(name, one);
        prober.start(record.container(name));
        var _ = started.exit().whenComplete((code, failure) -> {
            int exitCode = failure == null ? code : KILLED;
            happenings.accept(known -> ended(spec, name, started, known, exitCode));
        });
        return one;
    }

    // ---- take over

    /// Finds a container again that the record says is running.
    PodRecord adopt(PodSpec spec, PodRecord record, ContainerRecord known, Running before) {
        String name = known.name();
        Optional<ContainerSpec> container = spec.container(name);
        Optional<ImageMap.Image> image = parts.images().find(known.image());
        if (container.isEmpty() || image.isEmpty()) {
            return record.ended(spec, name, KILLED, "", now());
        }
        try {
            ContainerStarter.Run run = run(spec, record, container.get(), image.get(), known.restarts());
            Optional<Container> found = parts.starter().adopt(run, before);
            if (found.isEmpty()) {
                int code = ProcessStarter.exitCodeOf(run);
                return record.ended(spec, name, code, LastWords.of(run, code), now());
            }
            keep(spec, record, container.get(), found.get(), run);
            return record;
        } catch (StartRefused e) {
            LOG.warn("pod {}: container {} cannot be taken over: {}", spec.key(), name, e.text());
            return record.ended(spec, name, KILLED, "", now());
        }
    }

    // ---- happenings

    private PodRecord ended(PodSpec spec, String name, Container container, PodRecord known, int exitCode) {
        Live ended = live.get(name);
        if (ended == null || !ended.container().state().equals(container.state())) {
            return known;
        }
        live.remove(name);
        ended.prober().close();
        parts.starter().ended(ended.run().log());
        PodRecord next = known.ended(spec, name, exitCode, LastWords.of(ended.run(), exitCode), now());
        if (next.container(name).state() instanceof Waiting) {
            String message = "Back-off restarting failed container %s in pod %s_%s(%s)"
                    .formatted(name, known.name(), known.namespace(), known.uid());
            parts.events().warning(spec, name, "BackOff", message);
        }
        return next;
    }

    private PodRecord probed(PodSpec spec, ContainerSpec container, PodRecord known, Prober.Verdict verdict) {
        String name = container.name();
        ContainerRecord record = known.container(name);
        if (!record.isRunning()) {
            return known;
        }
        ProbeState state = verdict.state();
        String title = state.spec().kind().title();
        if (state.lastAnswer() && !verdict.message().isEmpty()) {
            parts.events().warning(spec, name, "ProbeWarning", title + " probe warning: " + verdict.message());
        }
        if (!state.lastAnswer()) {
            parts.events().warning(spec, name, "Unhealthy", title + " probe failed: " + verdict.message());
        }
        if (state.condemns() && record.condemned().isEmpty()) {
            String why =
                    "Container %s failed %s probe, will be restarted".formatted(name, title.toLowerCase(Locale.ROOT));
            return known.with(name, before -> before.condemnedFor(why));
        }
        boolean started = record.started() || state.spec().kind() == Kind.STARTUP && state.passing();
        boolean ready = state.spec().kind() == Kind.READINESS
                ? state.passing()
                : record.ready() || container.readinessProbe().isEmpty();
        return known.with(name, before -> before.withProbes(started, started && ready));
    }

    // ---- stop

    PodRecord stop(PodSpec spec, PodRecord record, Action.Stop stop) {
        String name = stop.container();
        parts.events().normal(spec, name, "Killing", stop.why());
        Live one = live.get(name);
        if (one == null) {
            return record.ended(spec, name, KILLED, "", now());
        }
        hooks.end(spec, one.check(), one.container(), Duration.between(now(), stop.killAt()));
        return record.with(name, known -> known.told(stop.killAt()));
    }

    PodRecord kill(PodSpec spec, PodRecord record, String name) {
        Optional<Container> container = find(name);
        container.ifPresent(Container::kill);
        return container.isPresent() ? record : record.ended(spec, name, KILLED, "", now());
    }

    // ---- the agent ends

    /// Leaves everything as it is, for a later agent; echo servers end with this program in any case.
    void abandon() {
        live.values().forEach(one -> {
            one.prober().close();
            one.container().abandon();
            parts.starter().ended(one.run().log());
        });
    }

    /// Ends all processes. Echo servers close but stay running by the record: they are opened again next time.
    PodRecord end(PodSpec spec, PodRecord record) {
        PodRecord next = record;
        List<Map.Entry<String, Live>> processes = live.entrySet().stream()
                .filter(entry -> !(entry.getValue().container() instanceof EchoContainer))
                .toList();
        abandon();
        processes.forEach(entry -> entry.getValue().container().terminate());
        Instant deadline = now().plus(LEAVING_GRACE);
        for (Map.Entry<String, Live> entry : processes) {
            int exitCode = end(entry.getValue().container(), Duration.between(now(), deadline));
            String message = LastWords.of(entry.getValue().run(), exitCode);
            next = next.ended(spec, entry.getKey(), exitCode, message, now());
        }
        return next;
    }

    private static int end(Container container, Duration limit) {
        Optional<Integer> code = exitWithin(container, limit);
        if (code.isEmpty()) {
            container.kill();
            code = exitWithin(container, Duration.ofSeconds(1));
        }
        return code.orElse(KILLED);
    }

    private static Optional<Integer> exitWithin(Container container, Duration limit) {
        try {
            return Optional.of(container.exit().get(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS));
        } catch (TimeoutException late) {
            return Optional.empty();
        } catch (ExecutionException e) {
            LOG.warn("the exit code of a container is unknown, {} is taken", KILLED, e.getCause());
            return Optional.of(KILLED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Instant now() {
        return parts.clock().instant();
    }
}
