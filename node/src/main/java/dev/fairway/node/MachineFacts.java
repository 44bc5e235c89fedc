package dev.fairway.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the machine says of itself, for `kubectl get nodes -o wide`. What cannot be read is empty.
///
/// @param architecture as Kubernetes names it: `amd64`, `arm64`
record MachineFacts(
        String architecture,
        String kernelVersion,
        String osImage,
        String machineId,
        String bootId,
        int processors,
        long memoryKiB) {

    static MachineFacts read() {
        return new MachineFacts(
                architecture(System.getProperty("os.arch", "")),
                text(Path.of("/proc/sys/kernel/osrelease")),
                osImage(text(Path.of("/etc/os-release"))),
                text(Path.of("/etc/machine-id")),
                text(Path.of("/proc/sys/kernel/random/boot_id")),
                Runtime.getRuntime().availableProcessors(),
                memoryKiB(text(Path.of("/proc/meminfo"))));
    }

    static String architecture(String java) {
        return switch (java) {
            case "x86_64", "amd64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> java;
        };
    }

    static String osImage(String osRelease) {
        return osRelease
                .lines()
                .filter(line -> line.startsWith("PRETTY_NAME="))
                .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""))
                .findFirst()
                .orElse("Linux");
    }

    static long memoryKiB(String meminfo) {
        return meminfo.lines()
                .filter(line -> line.startsWith("MemTotal:"))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException unreadable) {
            return ""; // an ornament of the node's description, nothing depends on it
        }
    }
}
