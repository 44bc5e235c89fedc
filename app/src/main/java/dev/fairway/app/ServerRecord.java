package dev.fairway.app;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What a running server wrote down about itself. The process start time tells it from another process that got the
/// same number later.
///
/// @param startedMillis process start as the kernel tells it, milliseconds since 1970
public record ServerRecord(long pid, long startedMillis, Instant since, int apiPort, String version) {

    public static ServerRecord ofThisProcess(int apiPort) {
        ProcessHandle self = ProcessHandle.current();
        return new ServerRecord(self.pid(), startMillis(self), Instant.now(), apiPort, Version.NUMBER);
    }

    public static Optional<ServerRecord> read(StateFolder state) {
        return state.readText(state.serverRecord()).map(text -> {
            ObjectNode json = Json.parse(text);
            return new ServerRecord(
                    Tree.number(json, 0, "pid"),
                    Tree.number(json, 0, "startedMillis"),
                    Instant.parse(Tree.text(json, "since")),
                    (int) Tree.number(json, 0, "apiPort"),
                    Tree.text(json, "version"));
        });
    }

    public void write(StateFolder state) {
        ObjectNode json = Json.object();
        json.put("pid", pid);
        json.put("startedMillis", startedMillis);
        json.put("since", since.toString());
        json.put("apiPort", apiPort);
        json.put("version", version);
        state.writeText(state.serverRecord(), Json.toPrettyText(json) + "\n");
    }

    /// The process, if it still runs.
    public Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(handle -> startMillis(handle) == startedMillis)
                .filter(handle -> !isZombie(handle));
    }

    /// The running server of this state folder.
    public static Optional<ServerRecord> running(StateFolder state) {
        return read(state).filter(server -> server.process().isPresent());
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
