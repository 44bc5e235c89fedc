package dev.fairway.node.pod;

import dev.fairway.kernel.JoinSpec;
import dev.fairway.kernel.JoinSpec.Place;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.KernelProcess;
import dev.fairway.kernel.ProcessIdentity;
import dev.fairway.kernel.Stdio;
import dev.fairway.node.pod.Container.StartRefused;
import dev.fairway.node.pod.ContainerState.Running;
import dev.fairway.node.pod.ProbeCheck.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Runs further commands beside a container: in the namespaces of its process, or, for a server inside this program,
/// in a fresh view of what the pod sees.
final class PodExec {

    private static final int MESSAGE_BYTES_MAX = 1024;

    private final PodSandbox sandbox;

    PodExec(PodSandbox sandbox) {
        this.sandbox = sandbox;
    }

    /// @throws StartRefused when what the pod sees cannot be made
    /// @throws KernelException when the command cannot be started
    KernelProcess start(ContainerStarter.Run run, Running container, List<String> command, Stdio stdio)
            throws StartRefused {
        Place place = container.pid() == 0
                ? new Place.Apart(sandbox.isolation(run.pod(), withoutVolumes(run.container()), run.folder(), false))
                : new Place.Beside(new ProcessIdentity(container.pid(), container.startTicks()));
        return KernelProcess.join(new JoinSpec(
                place,
                command,
                ProcessStarter.environment(run),
                ProcessStarter.workingDirectory(run.container()),
                stdio));
    }

    /// An echo server has no files, so its volumes are shown nowhere and can be missing.
    private static ContainerSpec withoutVolumes(ContainerSpec container) {
        var object = container.object().deepCopy();
        object.remove("volumeMounts");
        return ContainerSpec.of(object);
    }

    /// Asks by a command whether a container is well.
    Answer check(ContainerStarter.Run run, Running container, List<String> command, long timeoutSeconds) {
        try {
            KernelProcess process = start(run, container, command, new Stdio.Pipes());
            process.input().close();
            return await(process, timeoutSeconds);
        } catch (StartRefused e) {
            return Answer.bad(e.text());
        } catch (KernelException e) {
            return Answer.bad(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException("probe by " + command, e);
        }
    }

    private static Answer await(KernelProcess process, long timeoutSeconds) throws IOException {
        try {
            int code = process.exitCode().get(timeoutSeconds, TimeUnit.SECONDS);
            String text = new String(process.output().readNBytes(MESSAGE_BYTES_MAX), StandardCharsets.UTF_8)
                    + new String(process.error().readNBytes(MESSAGE_BYTES_MAX), StandardCharsets.UTF_8);
            return code == 0 ? Answer.WELL : Answer.bad(text.strip());
        } catch (TimeoutException e) {
            process.kill();
            return Answer.bad("command timed out after " + timeoutSeconds + "s");
        } catch (ExecutionException e) {
            return Answer.bad("command could not be watched: " + e.getCause());
        } catch (InterruptedException e) {
            process.kill();
            Thread.currentThread().interrupt();
            return Answer.bad("stopped");
        }
    }
}
