package dev.fairway.app.demo;

import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs the real kubectl against one kubeconfig.
final class Kubectl {

    private final Path kubeconfig;

    Kubectl(Path kubeconfig) {
        this.kubeconfig = kubeconfig;
    }

    record Result(int exitCode, String text) {}

    /// Output and errors together, as a person would see them.
    Result run(List<String> arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), text);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED, "cannot run kubectl: " + e.getMessage() + "; install it or add it to PATH");
        }
    }
}
