package dev.fairway.bench;

import dev.fairway.kernel.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The nft command, fed from files.
final class Nft {

    private Nft() {}

    /// @param cold the batches that make everything
    /// @param changes one batch for each changed endpoint
    record Load(List<String> cold, List<String> changes) {}

    static String version() throws IOException {
        Process nft = new ProcessBuilder("nft", "--version").start();
        return new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    /// How long one batch takes.
    static double millis(NetworkNamespace namespace, String batch) throws IOException, InterruptedException {
        Path file = Files.writeString(Files.createTempFile("fwb", ".nft"), batch);
        try {
            ProcessBuilder builder = new ProcessBuilder(
                            "ip", "netns", "exec", namespace.name(), "nft", "-f", file.toString())
                    .inheritIO();
            long start = System.nanoTime();
            int code = builder.start().waitFor();
            double took = (System.nanoTime() - start) / 1e6;
            if (code != 0) {
                throw new IOException("nft ended with " + code);
            }
            return took;
        } finally {
            Files.delete(file);
        }
    }
}
