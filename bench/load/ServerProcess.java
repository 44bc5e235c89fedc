package dev.fairway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server in a process of its own, with the options that the product's launcher gives it.
final class ServerProcess implements AutoCloseable {

    /// As the launcher of the product has them, and what it adds.
    static final List<String> OPTIONS = List.of(
            "@jvm/server.options",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final Process process;
    private final Path folder;

    private ServerProcess(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
    }

    /// @param more further options of the JVM
    static ServerProcess start(Path folder, List<String> more) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Files.deleteIfExists(folder.resolve("port"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(more);
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), BenchServer.class.getName(), folder.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("log").toFile())
                .redirectErrorStream(true);
        builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "2");
        Process process = builder.start();
        while (!Files.exists(folder.resolve("port"))) {
            if (!process.isAlive()) {
                throw new IOException("the server did not start: " + Files.readString(folder.resolve("log")));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return new ServerProcess(process, folder);
    }

    Path folder() {
        return folder;
    }

    int port() throws IOException {
        return Integer.parseInt(Files.readString(folder.resolve("port")));
    }

    /// Resident memory in MB.
    long rssMegabytes() throws IOException {
        return Proc.rssMegabytes(process.pid());
    }

    /// Processor time used so far, in milliseconds.
    long cpuMillis() {
        return process.info().totalCpuDuration().orElseThrow().toMillis();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
