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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// Runs further commands beside a container: in the namespaces of its process, or, for a server inside this program,
/// in a fresh view of what the pod sees.
final class PodExec {

    private static final int MESSAGE_LENGTH_MAX = 1024;
    private static final int TIMED_OUT = -1;

    private final AtomicLong number = new AtomicLong();

    private final PodSandbox sandbox;
    private final ProcessStarter processes;

    PodExec(PodSandbox sandbox, ProcessStarter processes) {
        this.sandbox = sandbox;
        this.processes = processes;
    }

    /// @throws StartRefused when what the pod sees cannot be made
    /// @throws KernelException when the command cannot be started
    KernelProcess start(ContainerStarter.Run run, Running container, List<String> command, Stdio stdio)
            throws StartRefused {
        ImageMap.Image.Files image = ProcessStarter.filesOf(run);
        Place place = container.pid() == 0
                ? new Place.Apart(sandbox.isolation(run, image, false))
                : new Place.Beside(
                        new ProcessIdentity(container.pid(), container.startTicks()),
                        Optional.of(run.root().resolve("root")));
        return KernelProcess.join(new JoinSpec(
                place,
                command,
                processes.environment(run),
                ProcessStarter.workingDirectory(run),
                ContainerUser.of(run.pod(), run.container(), image.user()),
                stdio));
    }

    /// Asks by a command whether a container is well. Its output goes through a file, so that nothing it leaves running
    /// can hold up the answer.
    Answer check(ContainerStarter.Run run, Running container, List<String> command, long timeoutSeconds) {
        Path output = run.folder().path().resolve(run.container().name() + ".probe." + number.incrementAndGet());
        try {
            KernelProcess process = start(run, container, command, new Stdio.Logs(output, output));
            int code = await(process, timeoutSeconds);
            return code == 0 ? Answer.WELL : Answer.bad(code == TIMED_OUT ? late(timeoutSeconds) : head(output));
        } catch (StartRefused e) {
            return Answer.bad(e.text());
        } catch (KernelException e) {
            return Answer.bad(String.valueOf(e.getMessage()));
        } finally {
            remove(output);
        }
    }

    private static String late(long timeoutSeconds) {
        return "command timed out after " + timeoutSeconds + "s";
    }

    private static String head(Path output) {
        String text = PodFolder.read(output).orElse("").strip();
        return text.substring(0, Math.min(text.length(), MESSAGE_LENGTH_MAX));
    }

    private static void remove(Path output) {
        try {
            Files.deleteIfExists(output);
        } catch (IOException e) {
            throw new UncheckedIOException("remove " + output, e);
        }
    }

    private static int await(KernelProcess process, long timeoutSeconds) {
        try {
            return process.exitCode().get(timeoutSeconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.kill();
            return TIMED_OUT;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a probe's command could not be watched", e);
        } catch (InterruptedException e) {
            process.kill();
            Thread.currentThread().interrupt();
            return TIMED_OUT;
        }
    }
}
