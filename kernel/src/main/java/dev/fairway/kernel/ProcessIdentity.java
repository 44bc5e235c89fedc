package dev.fairway.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A process for good: its pid, and when it started, since the kernel gives a pid to another process later.
///
/// @param startTicks clock ticks between the start of the machine and that of the process (`/proc/PID/stat`, field 22)
public record ProcessIdentity(long pid, long startTicks) {

    private static final int STATE_FIELD = 0; // counted from the field after the command's name
    private static final int START_FIELD = 19;

    /// The process that has the pid now; empty when there is none, or only a zombie.
    public static Optional<ProcessIdentity> of(long pid) {
        return fields(pid)
                .filter(fields -> !isEnded(fields))
                .map(fields -> new ProcessIdentity(pid, Long.parseLong(fields[START_FIELD])));
    }

    /// A child that was not reaped yet: it has its number for sure, even as a zombie.
    static ProcessIdentity ofChild(long pid) {
        return fields(pid)
                .map(fields -> new ProcessIdentity(pid, Long.parseLong(fields[START_FIELD])))
                .orElseThrow(() -> new KernelException("read the start of", "process " + pid, Errno.ESRCH));
    }

    /// Whether this very process still runs; a zombie does not.
    public boolean isAlive() {
        return of(pid).equals(Optional.of(this));
    }

    private static boolean isEnded(String[] fields) {
        return fields[STATE_FIELD].equals("Z") || fields[STATE_FIELD].equals("X");
    }

    /// The fields after the command's name, which may itself contain spaces and parentheses.
    private static Optional<String[]> fields(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        } catch (IOException e) {
            return Optional.empty(); // the process is gone: open fails with ENOENT, read with ESRCH
        }
    }
}
