package dev.fairway.app.server;

import dev.fairway.app.ClusterLock;
import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.ServerRecord;
import dev.fairway.app.StateFolder;
import dev.fairway.app.Terminal;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.node.machine.MachineNetwork;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Gives the machine back as it was: the same way after a clean life and after a crash.
public final class Teardown {

    private static final int STOP_SECONDS = 20;

    private Teardown() {}

    public static void run(StateFolder state, Terminal terminal) throws InterruptedException {
        Optional<ServerRecord> server = ServerRecord.running(state);
        if (server.isPresent()) {
            long start = System.nanoTime();
            stop(server.get(), terminal);
            terminal.step("server", "stopped", millisSince(start));
        }
        Optional<ClusterConfig> config = state.readSettings();
        if (config.isPresent()) {
            ClusterLock.requireMine(config.get().name(), state);
            long start = System.nanoTime();
            MachineNetwork.remove(config.get().name());
            terminal.step("network", "removed, with what ran in it", millisSince(start));
            ClusterLock.forget(config.get().name());
        }
        state.deleteRunFiles();
    }

    private static long millisSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1_000_000;
    }

    private static void stop(ServerRecord server, Terminal terminal) throws InterruptedException {
        ProcessHandle process = server.process().orElse(null);
        if (process == null) {
            return;
        }
        process.destroy();
        if (!ended(process)) {
            terminal.note("the server does not end; killing process " + server.pid());
            process.destroyForcibly();
            if (!ended(process)) {
                throw new CommandException(ExitCode.TIMED_OUT, "process " + server.pid() + " cannot be ended");
            }
        }
    }

    private static boolean ended(ProcessHandle process) throws InterruptedException {
        try {
            process.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for process " + process.pid(), e);
        }
    }
}
