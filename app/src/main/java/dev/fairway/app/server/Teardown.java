package dev.fairway.app.server;

import dev.fairway.app.ClusterLock;
import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.ProcessIdentity;
import dev.fairway.app.ServerRecord;
import dev.fairway.app.StateFolder;
import dev.fairway.app.Terminal;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.node.machine.MachineNetwork;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Gives the machine back as it was: the same way after a clean life and after a crash.
public final class Teardown {

    private static final int STOP_SECONDS = 20;

    private Teardown() {}

    public static void run(StateFolder state, Terminal terminal) throws InterruptedException {
        List<ClusterLock.Claim> claims = ClusterLock.claims(state);
        for (ProcessHandle server : servers(state, claims)) {
            long start = System.nanoTime();
            stop(server, terminal);
            terminal.step("server", "stopped", millisSince(start));
        }
        Set<String> names = new TreeSet<>();
        claims.forEach(claim -> names.add(claim.cluster()));
        state.readSettings().map(ClusterConfig::name).ifPresent(names::add);
        for (String name : names) {
            ClusterLock.requireMine(name, state);
            long start = System.nanoTime();
            MachineNetwork.remove(name);
            terminal.step("network", "removed, with what ran in it", millisSince(start));
            ClusterLock.forget(name);
        }
        state.deleteRunFiles();
    }

    /// The folder says which process is its server, and so does the claim of the name, if the folder is gone.
    private static Set<ProcessHandle> servers(StateFolder state, List<ClusterLock.Claim> claims) {
        Set<ProcessHandle> out = new LinkedHashSet<>();
        ServerRecord.read(state).flatMap(record -> record.identity().process()).ifPresent(out::add);
        claims.forEach(claim -> claim.holder().flatMap(ProcessIdentity::process).ifPresent(out::add));
        return out;
    }

    private static long millisSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1_000_000;
    }

    private static void stop(ProcessHandle process, Terminal terminal) throws InterruptedException {
        process.destroy();
        if (!ended(process)) {
            terminal.note("the server does not end; killing process " + process.pid());
            process.destroyForcibly();
            if (!ended(process)) {
                throw new CommandException(ExitCode.TIMED_OUT, "process " + process.pid() + " cannot be ended");
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
