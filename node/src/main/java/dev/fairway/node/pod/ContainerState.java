package dev.fairway.node.pod;

import java.time.Instant;

/// Where a container is in its life, as `containerStatuses[].state` tells it.
public sealed interface ContainerState {

    /// Not running, and why.
    ///
    /// @param reason `ContainerCreating`, `PodInitializing`, `CrashLoopBackOff`, `ErrImagePull` and so on
    /// @param until the next try; the epoch for at once
    record Waiting(String reason, String message, Instant until) implements ContainerState {
        static Waiting now(String reason) {
            return new Waiting(reason, "", Instant.EPOCH);
        }
    }

    /// @param pid 0 for a server inside this program
    /// @param startTicks when the process started, by /proc/PID/stat: tells it from a later user of the pid
    record Running(String id, Instant since, long pid, long startTicks) implements ContainerState {}

    /// @param exitCode 128 + N after signal N
    /// @param reason `Completed`, `Error`, or what made it impossible to start
    record Ended(String id, int exitCode, String reason, String message, Instant startedAt, Instant finishedAt)
            implements ContainerState {

        int signal() {
            return exitCode > 128 && exitCode < 128 + 65 ? exitCode - 128 : 0;
        }
    }
}
