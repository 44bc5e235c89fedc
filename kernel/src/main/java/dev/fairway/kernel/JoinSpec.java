package dev.fairway.kernel;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A process that runs beside others, as `kubectl exec` wants it, and is watched by this JVM alone.
///
/// @param place where it runs
/// @param command the program, absolute or looked up in the environment's PATH, and its arguments
/// @param environment all of its variables; nothing is inherited
public record JoinSpec(
        Place place,
        List<String> command,
        Map<String, String> environment,
        Path workingDirectory,
        Credentials credentials,
        Stdio stdio) {

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
        ///
        /// @param root the root that this process was given, as the machine's root names it
        record Beside(ProcessIdentity process, Optional<Path> root) implements Place {
            public Beside(ProcessIdentity process) {
                this(process, Optional.empty());
            }
        }

        /// In namespaces of its own, for a pod that has no process; `ownPids` must be off.
        record Apart(Isolation isolation) implements Place {}
    }
}
