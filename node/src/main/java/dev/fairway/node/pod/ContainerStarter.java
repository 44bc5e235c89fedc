package dev.fairway.node.pod;

import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.pod.Container.StartRefused;
import dev.fairway.node.pod.ContainerState.Running;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Starts containers, and finds those again that an earlier run of the agent started.
final class ContainerStarter {

    private final String node;
    private final Clock clock;
    private final LogClock logClock;
    private final ProcessStarter processes;

    ContainerStarter(String node, Clock clock, LogClock logClock, ProcessStarter processes) {
        this.node = node;
        this.clock = clock;
        this.logClock = logClock;
        this.processes = processes;
    }

    /// One run of one container.
    ///
    /// @param environment made only for images that have one
    record Run(
            PodSpec pod,
            PodRecord record,
            ContainerSpec container,
            ImageMap.Image image,
            int attempt,
            PodFolder folder,
            NetworkNamespace namespace,
            Supplier<Map<String, String>> environment) {

        Path log() {
            return folder.log(container.name(), attempt);
        }

        Path terminationMessage() {
            return folder.terminationMessage(container.name(), attempt);
        }

        Path root() {
            return folder.root(container.name(), attempt).toAbsolutePath();
        }

        Path input() {
            return folder.input(container.name(), attempt);
        }

        String id() {
            return "fairway://" + pod.uid() + "/" + container.name() + "/" + attempt;
        }
    }

    Container start(Run run) throws StartRefused {
        return switch (run.image()) {
            case ImageMap.Image.Echo _, ImageMap.Image.Pause _ ->
                builtIn(run, new Running(run.id(), clock.instant(), 0, 0));
            case ImageMap.Image.Files files -> {
                Container process = processes.start(run, files);
                logClock.watch(run.log());
                yield process;
            }
        };
    }

    /// The container that `before` tells of: an echo server is opened again, a process is found if it still runs.
    ///
    /// @return empty when it has ended meanwhile
    Optional<Container> adopt(Run run, Running before) throws StartRefused {
        if (before.pid() == 0) {
            return Optional.of(builtIn(run, before));
        }
        Optional<Container> process = processes.adopt(run, before);
        process.ifPresent(_ -> logClock.watch(run.log()));
        return process;
    }

    /// The log gets no more lines.
    void ended(Path log) {
        logClock.forget(log);
    }

    private Container builtIn(Run run, Running state) throws StartRefused {
        Path log = run.log();
        processes.prepareMessage(run);
        if (!(run.image() instanceof ImageMap.Image.Echo)) {
            return new EchoContainer(state, List.of());
        }
        try {
            EchoServer server = EchoServer.open(
                    run.namespace(),
                    run.pod().name(),
                    node,
                    run.record().addresses(),
                    run.container().ports(),
                    line -> LogClock.append(log, clock.instant() + " " + line + "\n"));
            return new EchoContainer(state, List.of(server));
        } catch (IOException e) {
            throw new StartRefused("RunContainerError", String.valueOf(e.getMessage()));
        }
    }
}
