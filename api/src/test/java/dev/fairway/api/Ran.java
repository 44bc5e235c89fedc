package dev.fairway.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A kubectl run and what came of it.
record Ran(int exit, String out, String err) {

    private static final long SECONDS_MAX = 30;

    static Ran run(Path folder, String user, String input, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kubectl", "--cache-dir=" + folder.resolve("cache")));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("KUBECONFIG", kubeconfig(folder, user).toString());
        builder.environment().put("HOME", folder.toString());
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        StringBuilder err = new StringBuilder();
        Thread errors = Thread.ofVirtual().start(() -> drain(process, err));
        Thread killer = Thread.ofVirtual().start(() -> endLate(process));
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        killer.interrupt();
        errors.join();
        return new Ran(exit, out, err.toString());
    }

    /// Colons part the files of a `KUBECONFIG`.
    static Path kubeconfig(Path folder, String user) {
        return folder.resolve(user.replace(':', '-') + ".kubeconfig");
    }

    private static void drain(Process process, StringBuilder into) {
        try {
            into.append(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            into.append(e);
        }
    }

    private static void endLate(Process process) {
        try {
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String all() {
        return out + err;
    }
}
