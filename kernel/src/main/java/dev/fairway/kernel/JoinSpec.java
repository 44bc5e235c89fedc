package dev.fairway.kernel;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A process that runs beside others, as `kubectl exec` wants it, and is watched by this JVM alone.
///
/// @param place where it runs
/// @param command the program, absolute or looked up in the environment's PATH, and its arguments
/// @param environment all of its variables; nothing is inherited
public record JoinSpec(
        Place place, List<String> command, Map<String, String> environment, Path workingDirectory, Stdio stdio) {

    public JoinSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a process needs a command");
        }
    }

    /// Where a joining process runs.
    public sealed interface Place {

        /// In all namespaces of a running process.
        record Beside(ProcessIdentity process) implements Place {}

        /// In namespaces of its own, for a pod that has no process; `ownPids` must be off.
        record Apart(Isolation isolation) implements Place {}
    }
}
