package dev.fairway.kernel;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A process that may outlive this JVM.
///
/// @param command the program, absolute or looked up in the environment's PATH, and its arguments
/// @param environment all of its variables; nothing is inherited
/// @param workingDirectory made when it has a root of its own and lacks it
/// @param exitFile where its exit code is written, as a decimal number, when it has ended; removed at the start
public record ProcessSpec(
        List<String> command,
        Map<String, String> environment,
        Path workingDirectory,
        Isolation isolation,
        Credentials credentials,
        Stdio stdio,
        Path exitFile) {

    public ProcessSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a process needs a command");
        }
    }
}
