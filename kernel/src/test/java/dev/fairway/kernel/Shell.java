package dev.fairway.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Runs an ordinary command, the tests' second opinion on the kernel's state.
public final class Shell {

    private Shell() {}

    /// What the command prints, standard error included.
    ///
    /// @throws IllegalStateException when it fails
    public static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code != 0) {
            throw new IllegalStateException(String.join(" ", command) + " ended with " + code + ": " + output);
        }
        return output;
    }
}
