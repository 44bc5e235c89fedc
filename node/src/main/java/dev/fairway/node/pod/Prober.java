package dev.fairway.node.pod;

import dev.fairway.address.IpAddress;
import dev.fairway.node.pod.ProbeCheck.Answer;
import dev.fairway.node.pod.ProbeSpec.Check;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Probes one running container: its startup probe until that passes, then liveness and readiness side by side, each
/// on a virtual thread of its own.
final class Prober implements AutoCloseable {

    /// What a probe has come to.
    record Verdict(ProbeState state, String message) {}

    private static final Logger LOG = LoggerFactory.getLogger(Prober.class);

    private final ContainerSpec container;
    private final Optional<IpAddress> address;
    private final ProbeCheck network;
    private final BiFunction<List<String>, Long, Answer> exec;
    private final Consumer<Verdict> verdicts;
    private volatile boolean closed;
    private volatile List<Thread> threads = List.of();

    /// @param exec runs a command in the container with a time limit in seconds
    /// @param verdicts hears every answer, from several threads
    Prober(
            ContainerSpec container,
            Optional<IpAddress> address,
            ProbeCheck network,
            BiFunction<List<String>, Long, Answer> exec,
            Consumer<Verdict> verdicts) {
        this.container = container;
        this.address = address;
        this.network = network;
        this.exec = exec;
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
            Answer answer = ask(spec);
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

    /// A probe that cannot even be made is an answer too: the pod is not known to be well.
    private Answer ask(ProbeSpec spec) {
        try {
            return answer(spec);
        } catch (RuntimeException e) {
            LOG.warn("{} probe of container {} cannot be made", spec.kind().title(), container.name(), e);
            return Answer.bad(String.valueOf(e.getMessage()));
        }
    }

    private Answer answer(ProbeSpec spec) {
        return switch (spec.check()) {
            case Check.Http http ->
                target(http.host(), http.port())
                        .map(target -> network.http(target, http, spec.timeoutSeconds()))
                        .orElseGet(() -> unknownPort(http.port()));
            case Check.Tcp tcp ->
                target(tcp.host(), tcp.port())
                        .map(target -> network.tcp(target, spec.timeoutSeconds()))
                        .orElseGet(() -> unknownPort(tcp.port()));
            case Check.Exec command -> exec.apply(command.command(), spec.timeoutSeconds());
            case Check.Unsupported _ -> Answer.WELL;
        };
    }

    private Optional<InetSocketAddress> target(String host, JsonNode port) {
        Optional<IpAddress> to = IpAddress.tryParse(host).or(() -> address);
        return to.flatMap(
                ip -> container.portNumber(port).map(number -> new InetSocketAddress(ip.toInetAddress(), number)));
    }

    private Answer unknownPort(JsonNode port) {
        return Answer.bad("no port " + port + " in container \"" + container.name() + "\"");
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
