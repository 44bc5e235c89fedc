package dev.fairway.node.pod;

import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.KernelProcess;
import dev.fairway.kernel.ProcessIdentity;
import dev.fairway.kernel.ProcessSpec;
import dev.fairway.kernel.Stdio;
import dev.fairway.node.pod.Container.StartRefused;
import dev.fairway.node.pod.ContainerStarter.Run;
import dev.fairway.node.pod.ContainerState.Running;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/// Starts containers of the image `fairway.dev/host`: the container's own command on the host's file system, in the
/// pod's network and with numbers, mounts and a host name of its own. Output goes straight into the log file, so a
/// container outlives this program and is found again by its state file.
final class ProcessStarter {

    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int KILLED = 137;

    private final PodSandbox sandbox;
    private final Clock clock;

    ProcessStarter(PodSandbox sandbox, Clock clock) {
        this.sandbox = sandbox;
        this.clock = clock;
    }

    private record HostProcess(Running state, KernelProcess process) implements Container {
        @Override
        public CompletableFuture<Integer> exit() {
            return process.exitCode();
        }

        @Override
        public void terminate() {
            process.terminate();
        }

        @Override
        public void kill() {
            process.kill();
        }

        @Override
        public void abandon() {
            // it goes on by itself
        }
    }

    Container start(Run run) throws StartRefused {
        Map<String, String> environment = environment(run);
        ContainerSpec container = run.container();
        try {
            KernelProcess process = KernelProcess.start(new ProcessSpec(
                    commandLine(container, environment),
                    environment,
                    workingDirectory(container),
                    sandbox.isolation(
                            run.pod(), container, run.folder(), !run.pod().hostNetwork()),
                    new Stdio.Logs(run.log(), run.log()),
                    exitFile(run)));
            ProcessIdentity identity = process.identity();
            Running running = new Running(run.id(), clock.instant(), identity.pid(), identity.startTicks());
            return new HostProcess(running, process);
        } catch (KernelException e) {
            throw new StartRefused("RunContainerError", String.valueOf(e.getMessage()));
        }
    }

    /// Finds the process again; empty when it has ended.
    Optional<Container> adopt(Run run, Running before) {
        ProcessIdentity identity = new ProcessIdentity(before.pid(), before.startTicks());
        return identity.isAlive()
                ? Optional.of(new HostProcess(before, KernelProcess.adopt(identity, exitFile(run))))
                : Optional.empty();
    }

    /// The exit code that the process's shim wrote; as if killed when it wrote none.
    static int exitCodeOf(Run run) {
        return PodFolder.read(exitFile(run))
                .map(String::strip)
                .filter(text -> text.matches("[0-9]{1,3}"))
                .map(Integer::parseInt)
                .orElse(KILLED);
    }

    private static Path exitFile(Run run) {
        return run.folder().exitFile(run.container().name(), run.attempt());
    }

    /// The container's variables over the few that every program expects.
    static Map<String, String> environment(Run run) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("PATH", PATH);
        all.put("HOME", "/root");
        all.putAll(run.environment().get());
        return all;
    }

    static Path workingDirectory(ContainerSpec container) {
        return Path.of(container.workingDirectory().isEmpty() ? "/" : container.workingDirectory());
    }

    /// The command line: the image gives none of its own.
    private static List<String> commandLine(ContainerSpec container, Map<String, String> environment)
            throws StartRefused {
        List<String> line = Stream.concat(container.command().stream(), container.args().stream())
                .map(word -> Environment.expand(word, environment))
                .toList();
        if (line.isEmpty()) {
            throw new StartRefused(
                    "CreateContainerError",
                    "no command specified: image \"%s\" has none of its own; set the container's \"command\""
                            .formatted(container.image()));
        }
        return line;
    }
}
