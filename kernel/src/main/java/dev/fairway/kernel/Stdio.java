package dev.fairway.kernel;

import java.nio.file.Path;

/// What a process has as standard input, output and error.
public sealed interface Stdio {

    /// No input; output and error are appended to files, which may be the same one. Needs nobody to read, so the
    /// process
    /// survives the end of the JVM.
    record Logs(Path output, Path error) implements Stdio {}

    /// Three pipes to this JVM.
    record Pipes() implements Stdio {}

    /// A pseudo-terminal of the given size, which becomes the controlling terminal.
    record Terminal(int rows, int columns) implements Stdio {}
}
