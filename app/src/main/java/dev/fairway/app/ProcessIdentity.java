package dev.fairway.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// A process, told by its start time from another one that got the same number later.
///
/// @param startedMillis process start as the kernel tells it, milliseconds since 1970
public record ProcessIdentity(long pid, long startedMillis) {

    public static ProcessIdentity ofThisProcess() {
        ProcessHandle self = ProcessHandle.current();
        return new ProcessIdentity(self.pid(), startMillis(self));
    }

    /// The process, if it still runs.
    public Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(handle -> startMillis(handle) == startedMillis)
                .filter(handle -> !isZombie(handle));
    }

    /// A killed process stays visible until its parent has asked for its end (state Z or X, proc_pid_stat(5)).
    private static boolean isZombie(ProcessHandle handle) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(handle.pid()), "stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state == 'Z' || state == 'X';
        } catch (IOException gone) {
            return true;
        }
    }

    private static long startMillis(ProcessHandle handle) {
        return handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
