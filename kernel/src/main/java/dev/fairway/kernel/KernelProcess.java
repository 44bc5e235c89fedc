package dev.fairway.kernel;

import static dev.fairway.kernel.KernelException.check;

import dev.fairway.kernel.libc.Libc;
import dev.fairway.kernel.libc.ProcessCalls;
import dev.fairway.kernel.libc.Spawn;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// A process in namespaces of its own choice. Each leads a session of its own, so no terminal or service that stops
/// the JVM stops it.
public final class KernelProcess {

    private final ProcessIdentity identity;
    private final CompletableFuture<Integer> exitCode;
    private final ProcessStreams.Ends streams;

    private KernelProcess(ProcessIdentity identity, CompletableFuture<Integer> exitCode, ProcessStreams.Ends streams) {
        this.identity = identity;
        this.exitCode = exitCode;
        this.streams = streams;
    }

    /// Starts a process that may outlive this JVM: keep its `identity` and exit file, and `adopt` finds it again.
    ///
    /// @throws KernelException ENOENT or EACCES when the program or the working directory cannot be used; whatever
    ///     the kernel says against namespaces and mounts
    public static KernelProcess start(ProcessSpec spec) {
        removeOld(spec.exitFile());
        if (spec.stdio() instanceof Stdio.Attachable attachable) {
            makePipe(attachable.input());
        }
        Isolation isolation = spec.isolation();
        Birth birth = new Birth(spec.environment(), spec.stdio());
        return birth.in(
                () -> {
                    isolation.enter(spec.workingDirectory());
                    List<String> command = RootedCommand.of(
                            isolation.root().map(ContainerRoot::path),
                            spec.command(),
                            spec.environment(),
                            spec.workingDirectory(),
                            spec.credentials());
                    Path directory = isolation.root().isPresent() ? Path.of("/") : spec.workingDirectory();
                    return new Program(Shim.SHELL, Shim.arguments(spec, command), directory);
                },
                Optional.of(spec.exitFile()));
    }

    /// Starts a process beside others. Its exit code is known to this JVM only.
    ///
    /// @throws KernelException ESRCH when the process to be joined has ended, else as for `start`
    public static KernelProcess join(JoinSpec spec) {
        Birth birth = new Birth(spec.environment(), spec.stdio());
        return birth.in(
                () -> {
                    Optional<Path> root = switch (spec.place()) {
                        case JoinSpec.Place.Beside beside -> {
                            enter(beside.process());
                            yield beside.root();
                        }
                        case JoinSpec.Place.Apart apart -> {
                            apart.isolation().enter(spec.workingDirectory());
                            yield apart.isolation().root().map(ContainerRoot::path);
                        }
                    };
                    List<String> command = RootedCommand.of(
                            root, spec.command(), spec.environment(), spec.workingDirectory(), spec.credentials());
                    Path directory = root.isPresent() ? Path.of("/") : spec.workingDirectory();
                    return new Program(command.getFirst(), command, directory);
                },
                Optional.empty());
    }

    /// A process that an earlier JVM started. It may have ended meanwhile: then its exit code is known at once.
    public static KernelProcess adopt(ProcessIdentity identity, Path exitFile) {
        return new KernelProcess(identity, ProcessEnd.ofAdopted(identity, exitFile), ProcessStreams.Ends.none());
    }

    public ProcessIdentity identity() {
        return identity;
    }

    public boolean isAlive() {
        return identity.isAlive();
    }

    /// The exit code, once the process has ended: 128 plus the signal's number when a signal ended it.
    public CompletableFuture<Integer> exitCode() {
        return exitCode.copy();
    }

    /// Asks the process to end (SIGTERM). Without effect when it has ended.
    public void terminate() {
        if (isAlive()) {
            Signals.kill(identity.pid(), Signal.TERM);
        }
    }

    /// Ends the process and those that it started: all of its pid namespace, or else of its process group.
    public void kill() {
        if (isAlive()) {
            Signals.killGroup(identity.pid(), Signal.KILL);
        }
    }

    /// What is written here the process reads; only with pipes or a terminal.
    public OutputStream input() {
        return streams.input();
    }

    /// What the process prints; empty for one that prints to logs. A terminal joins output and error.
    public InputStream output() {
        return streams.output();
    }

    public InputStream error() {
        return streams.error();
    }

    public Optional<Pty> terminal() {
        return streams.terminal();
    }

    /// Whether an attachable process holds its pipe open. What is written before that may be lost.
    public static boolean hasInput(ProcessIdentity process, Path input) {
        try {
            return key(Path.of("/proc", Long.toString(process.pid()), "fd", Shim.INPUT_DESCRIPTOR))
                    .equals(key(input));
        } catch (IOException notYet) {
            return false;
        }
    }

    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    /// Nobody will write to an attachable process' input any more: it ends when it is read to its end.
    public static void endInput(ProcessIdentity process, Path input) {
        try {
            Files.writeString(Path.of(input + ".end"), "");
        } catch (IOException e) {
            throw new UncheckedIOException("end " + input, e);
        }
        if (process.isAlive()) {
            Signals.kill(process.pid(), Signal.USR1);
        }
    }

    private static void makePipe(Path input) {
        removeOld(input);
        removeOld(Path.of(input + ".end"));
        check(Libc.mkfifo(input.toString(), 0600), "make pipe", input.toString());
    }

    private static void removeOld(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("remove old " + file, e);
        }
    }

    /// Moves the calling thread into all namespaces of the process.
    private static void enter(ProcessIdentity process) {
        String object = "process " + process.pid();
        int pidfd = check(ProcessCalls.pidfdOpen((int) process.pid()), "join", object);
        try {
            if (!process.isAlive()) {
                throw new KernelException("join", object, Errno.ESRCH, "it has ended");
            }
            // a thread that shares its root and working directory with others may not change mount namespaces
            check(Libc.unshare(Libc.CLONE_FS), "leave the common working directory to join", object);
            int all = Libc.CLONE_NEWNS | Libc.CLONE_NEWUTS | Libc.CLONE_NEWPID | Libc.CLONE_NEWNET | Libc.CLONE_NEWIPC;
            check(Libc.setns(pidfd, all), "join", object);
        } finally {
            Libc.close(pidfd);
        }
    }

    /// @param file the program's file
    private record Program(String file, List<String> arguments, Path directory) {
        Program {
            if (!Files.isDirectory(directory)) {
                throw new KernelException("start in", directory.toString(), Errno.ENOENT, "no such directory");
            }
        }
    }

    /// What all starts have in common.
    private record Birth(Map<String, String> environment, Stdio stdio) {

        /// @param entrance moves the calling thread to where the program is to run
        KernelProcess in(Supplier<Program> entrance, Optional<Path> exitFile) {
            ProcessStreams streams = ProcessStreams.open(stdio);
            int pid;
            try {
                pid = PlatformThread.call("spawn", () -> {
                    Program program = entrance.get();
                    return check(
                            Spawn.spawn(
                                    program.file(),
                                    program.arguments(),
                                    entries(),
                                    program.directory().toString(),
                                    streams.childSide()),
                            "start",
                            program.file());
                });
            } catch (RuntimeException e) {
                streams.abandon();
                throw e;
            }
            ProcessIdentity identity = ProcessIdentity.ofChild(pid);
            ProcessStreams.Ends ends = streams.started("process-" + pid);
            CompletableFuture<Integer> exitCode =
                    ProcessEnd.ofChild(identity, exitFile).whenComplete((code, failure) -> ends.processEnded());
            return new KernelProcess(identity, exitCode, ends);
        }

        private List<String> entries() {
            return environment.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .sorted()
                    .toList();
        }
    }
}
