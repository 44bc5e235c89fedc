package dev.fairway.node.pod;

import dev.fairway.kernel.Errno;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.KernelProcess;
import dev.fairway.kernel.ProcessIdentity;
import dev.fairway.kernel.ProcessSpec;
import dev.fairway.kernel.Stdio;
import dev.fairway.node.pod.Container.StartRefused;
import dev.fairway.node.pod.ContainerStarter.Run;
import dev.fairway.node.pod.ContainerState.Running;
import dev.fairway.schema.Tree;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/// Starts containers whose image is files of this machine: a process with a root file system, process numbers, mounts
/// and a host name of its own, in the pod's network. Output goes straight into the log file and input comes from a
/// named pipe, so a container outlives this program and is found again by its state file.
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

    Container start(Run run, ImageMap.Image.Files image) throws StartRefused {
        Map<String, String> environment = environment(run);
        prepareMessage(run);
        boolean ownPids = !Tree.flag(run.pod().object(), "spec", "hostPID");
        try {
            KernelProcess process = KernelProcess.start(new ProcessSpec(
                    commandLine(run.container(), image, environment),
                    environment,
                    workingDirectory(run),
                    sandbox.isolation(run, image, ownPids),
                    ContainerUser.of(run.pod(), run.container(), image.user()),
                    stdio(run),
                    exitFile(run)));
            ProcessIdentity identity = process.identity();
            Running running = new Running(run.id(), clock.instant(), identity.pid(), identity.startTicks());
            return new HostProcess(running, process);
        } catch (KernelException e) {
            boolean program = e.is(Errno.ENOENT) || e.is(Errno.EACCES);
            throw new StartRefused(
                    program ? "RunContainerError" : "CreateContainerError", String.valueOf(e.getMessage()));
        }
    }

    /// The file that the container may leave its last words in.
    void prepareMessage(Run run) {
        run.folder().rewrite(run.terminationMessage(), "");
        run.folder().makeWritableByAll(run.terminationMessage());
    }

    private static Stdio stdio(Run run) {
        boolean terminal = run.container().tty();
        return terminal || run.container().stdin()
                ? new Stdio.Attachable(run.input(), run.log(), terminal)
                : new Stdio.Logs(run.log(), run.log());
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

    /// The image that a further command in the container sees.
    static ImageMap.Image.Files filesOf(Run run) {
        return run.image() instanceof ImageMap.Image.Files files ? files : ImageMap.Image.HOST;
    }

    /// The container's variables over the image's and the few that every program expects.
    Map<String, String> environment(Run run) throws StartRefused {
        Map<String, String> all = new LinkedHashMap<>();
        boolean root = ContainerUser.of(run.pod(), run.container(), filesOf(run).user())
                        .user()
                == 0;
        all.put("PATH", PATH);
        all.put("HOME", root ? "/root" : "/");
        all.put("HOSTNAME", sandbox.hostname(run.pod()));
        if (run.container().tty()) {
            all.put("TERM", "xterm");
        }
        all.putAll(filesOf(run).environment());
        all.putAll(run.environment().get());
        return all;
    }

    static Path workingDirectory(Run run) {
        String asked = run.container().workingDirectory();
        String chosen = asked.isEmpty() ? filesOf(run).workingDirectory() : asked;
        return Path.of("/").resolve(chosen);
    }

    /// `command` replaces the image's entry point, `args` its arguments; a `command` alone drops both.
    static List<String> commandLine(
            ContainerSpec container, ImageMap.Image.Files image, Map<String, String> environment) throws StartRefused {
        List<String> entry = container.command().isEmpty() ? image.entryPoint() : container.command();
        List<String> defaults = container.command().isEmpty() ? image.arguments() : List.of();
        List<String> arguments = container.args().isEmpty() ? defaults : container.args();
        List<String> line = Stream.concat(entry.stream(), arguments.stream())
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
