package dev.fairway.node.pod;

import dev.fairway.kernel.Errno;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.KernelProcess;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.ProcessIdentity;
import dev.fairway.kernel.Stdio;
import dev.fairway.node.pod.Container.StartRefused;
import dev.fairway.node.pod.ContainerState.Running;
import dev.fairway.node.pod.ContainerState.Waiting;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.client.PodAccess;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// Logs, commands and connections for the pods of one node.
final class RuntimeAccess implements PodAccess {

    private static final int ROWS = 24;
    private static final int COLUMNS = 80;
    private static final int NOT_FOUND = 127;
    private static final int NOT_EXECUTABLE = 126;
    private static final int CONNECT_MILLIS_MAX = 5_000;
    private static final LogOptions ALL_FOLLOWED = new LogOptions(true, -1, -1, -1, false, false);
    private static final LogOptions FROM_NOW = new LogOptions(true, 0, -1, -1, false, false);

    private final PodParts parts;
    private final Function<PodRef, Optional<PodLoop>> pods;

    RuntimeAccess(PodParts parts, Function<PodRef, Optional<PodLoop>> pods) {
        this.parts = parts;
        this.pods = pods;
    }

    @Override
    public InputStream logs(PodRef ref, LogOptions options) throws IOException {
        PodLoop pod = find(ref);
        return logs(pod, container(pod, ref).name(), options);
    }

    private InputStream logs(PodLoop pod, String name, LogOptions options) throws IOException {
        int attempt = pod.attempt(name, options.previous()).orElseThrow(() -> noLog(pod, name, options.previous()));
        Path file = pod.folder().log(name, attempt);
        try {
            return LogStream.open(file, options, Instant.now(), () -> isCurrent(pod, name, attempt));
        } catch (NoSuchFileException e) {
            throw new ApiException(404, "NotFound", "the log of container \"" + name + "\" is gone: " + file);
        }
    }

    private static boolean isCurrent(PodLoop pod, String name, int attempt) {
        ContainerRecord known = pod.record().container(name);
        return known.isRunning() && known.restarts() == attempt;
    }

    private static ApiException noLog(PodLoop pod, String name, boolean previous) {
        String podName = pod.wanted().name();
        if (previous) {
            return badRequest("previous terminated container \"" + name + "\" in pod \"" + podName + "\" not found");
        }
        String reason = pod.record().container(name).state() instanceof Waiting waiting ? waiting.reason() : "unknown";
        return badRequest("container \"" + name + "\" in pod \"" + podName + "\" is waiting to start: " + reason);
    }

    @Override
    public ExecSession exec(PodRef ref, ExecOptions options) throws IOException {
        PodLoop pod = find(ref);
        ContainerSpec container = container(pod, ref);
        Running running = running(pod, container);
        Stdio stdio = options.tty() ? new Stdio.Terminal(ROWS, COLUMNS) : new Stdio.Pipes();
        try {
            KernelProcess process = parts.exec().start(run(pod, container), running, options.command(), stdio);
            if (!options.stdin() && !options.tty()) {
                process.input().close();
            }
            return new ProcessSession(process);
        } catch (StartRefused e) {
            return ProcessSession.OutputOnly.failed(e.text(), NOT_EXECUTABLE);
        } catch (KernelException e) {
            int code = e.errno().equals(Errno.ENOENT) ? NOT_FOUND : NOT_EXECUTABLE;
            return ProcessSession.OutputOnly.failed("exec failed: " + e.getMessage(), code);
        }
    }

    private ContainerStarter.Run run(PodLoop pod, ContainerSpec container) {
        ContainerRecord known = pod.record().container(container.name());
        ImageMap.Image image = parts.images().find(known.image()).orElse(ImageMap.Image.HOST);
        return pod.containers()
                .findRun(container.name())
                .orElseGet(() -> pod.containers().run(pod.wanted(), pod.record(), container, image, known.restarts()));
    }

    /// Joins the container's input, if it has one, and shows its output: to the first client of a run from its
    /// beginning, so that nothing is lost before it came, to others from now on. Ends well however the container
    /// ends, as upstream does: its exit code is in the pod's status, and clients read it there.
    @Override
    public ExecSession attach(PodRef ref, ExecOptions options) throws IOException {
        PodLoop pod = find(ref);
        ContainerSpec container = container(pod, ref);
        if (!(pod.record().container(container.name()).state() instanceof Running running)) {
            // Too late to join it, but not to read what it said: whoever ran it asked for that.
            return new ProcessSession.OutputOnly(
                    logs(pod, container.name(), ALL_FOLLOWED),
                    InputStream.nullInputStream(),
                    CompletableFuture.completedFuture(0));
        }
        ContainerStarter.Run run = run(pod, container);
        CompletableFuture<Integer> end = pod.containers()
                .find(container.name())
                .map(live -> live.exit().thenApply(code -> 0))
                .orElseGet(() -> CompletableFuture.completedFuture(0));
        boolean first = pod.containers().attach(run.id());
        InputStream output = logs(pod, container.name(), first ? ALL_FOLLOWED : FROM_NOW);
        boolean attachable = container.stdin() || container.tty();
        return options.stdin() && attachable && running.pid() != 0
                ? AttachSession.open(
                        output,
                        run.input(),
                        container.stdinOnce(),
                        new ProcessIdentity(running.pid(), running.startTicks()),
                        end)
                : new ProcessSession.OutputOnly(output, InputStream.nullInputStream(), end);
    }

    @Override
    public ByteChannel connect(PodRef ref, int port) throws IOException {
        PodLoop pod = find(ref);
        NetworkNamespace namespace = parts.sandbox().namespace(pod.wanted());
        IOException first = new IOException("no address to connect to");
        for (String host : List.of("127.0.0.1", "::1")) {
            SocketChannel socket = namespace.call(() -> SocketChannel.open());
            try {
                socket.socket().connect(new InetSocketAddress(InetAddress.getByName(host), port), CONNECT_MILLIS_MAX);
                return socket;
            } catch (IOException e) {
                socket.close();
                first = new IOException("connect to " + host + " port " + port + ": " + e.getMessage(), e);
            }
        }
        throw first;
    }

    // ---- finding

    private PodLoop find(PodRef ref) {
        return pods.apply(ref)
                .orElseThrow(() -> new ApiException(
                        404,
                        "NotFound",
                        "pod \"%s/%s\" does not run on node \"%s\""
                                .formatted(ref.namespace(), ref.name(), parts.node())));
    }

    private static ContainerSpec container(PodLoop pod, PodRef ref) {
        PodSpec spec = pod.wanted();
        if (ref.container().isEmpty()) {
            return spec.containers().getFirst();
        }
        return spec.container(ref.container())
                .orElseThrow(() -> badRequest("container " + ref.container() + " is not valid for pod " + spec.name()));
    }

    private static Running running(PodLoop pod, ContainerSpec container) {
        if (pod.record().container(container.name()).state() instanceof Running running) {
            return running;
        }
        throw badRequest("container \"" + container.name() + "\" of pod \""
                + pod.wanted().name() + "\" is not running");
    }

    private static ApiException badRequest(String message) {
        return new ApiException(400, "BadRequest", message);
    }
}
