package dev.fairway.kernel;

import java.nio.file.Path;

/// What a process has as standard input, output and error.
public sealed interface Stdio {

    /// No input; output and error are appended to files, which may be the same one. Needs nobody to read, so the
    /// process
    /// survives the end of the JVM.
    record Logs(Path output, Path error) implements Stdio {}

    /// Input from a named pipe that anybody may open for writing, at any time and also after the end of the JVM that
    /// started the process; output and error are appended to a file. The input ends when no writer is left after
    /// `KernelProcess.endInput`. Only for processes that may outlive the JVM.
    ///
    /// @param input made when absent
    /// @param terminal whether the process has a pseudo-terminal, which `script` of util-linux keeps
    record Attachable(Path input, Path output, boolean terminal) implements Stdio {}

    /// Three pipes to this JVM.
    record Pipes() implements Stdio {}

    /// A pseudo-terminal of the given size, which becomes the controlling terminal.
    record Terminal(int rows, int columns) implements Stdio {}
}
