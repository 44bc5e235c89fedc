package dev.fairway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What the kernel says about processes and the machine.
final class Proc {

    private Proc() {}

    static long rssMegabytes(long pid) throws IOException {
        return megabytes(pid, "VmRSS:");
    }

    /// The most that this process has had resident since `forgetPeak`.
    static long peakMegabytes() throws IOException {
        return megabytes(ProcessHandle.current().pid(), "VmHWM:");
    }

    /// proc(5): 5 sets the peak to what is resident now.
    static void forgetPeak() throws IOException {
        Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    }

    private static long megabytes(long pid, String what) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith(what)) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        throw new IOException("process " + pid + " has no resident memory");
    }

    /// The open descriptors of this process.
    static int descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        }
    }

    static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }

    static String processor() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceFirst(".*: ", ""))
                .findFirst()
                .orElse("unknown processor");
    }
}
