package dev.fairway.node.pod;

import dev.fairway.node.pod.ContainerState.Running;
import java.util.concurrent.CompletableFuture;

/// A container that was started: a process, or a server inside this program.
interface Container {

    Running state();

    /// Completes with the exit code when the container has ended: 128 + N after signal N.
    CompletableFuture<Integer> exit();

    /// Asks it to end.
    void terminate();

    /// Ends it without asking.
    void kill();

    /// Stops watching it; a process goes on.
    void abandon();

    /// Why a container cannot be started: shown as the waiting reason.
    final class StartRefused extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        StartRefused(String reason, String message) {
            super(message);
            this.reason = reason;
        }

        /// `CreateContainerConfigError`, `RunContainerError` and so on.
        String reason() {
            return reason;
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }
}
