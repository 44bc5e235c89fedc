package dev.fairway.app.server;

import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.Logs;
import dev.fairway.app.Progress;
import dev.fairway.app.ServerRecord;
import dev.fairway.app.Settings;
import dev.fairway.app.StateFolder;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's life: start all parts, say so, wait for TERM or INT, stop. Forwarding and process pods stay when it
/// ends; taking them away is `Teardown`'s work.
public final class Server {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final Duration TRIM_EVERY = Duration.ofSeconds(30);

    private Server() {}

    /// Runs until the process is asked to end; returns the exit code.
    public static int run(Role role, Settings settings, StateFolder state) throws InterruptedException {
        Logs.toFile(state.log());
        state.writeSettings(settings.text());
        Progress progress = new Progress(state.progress());
        try (EndRequest end = EndRequest.listen();
                HeapTrim _ = HeapTrim.every(TRIM_EVERY);
                Wiring wiring = Wiring.start(role, settings, state, progress)) {
            ServerRecord.ofThisProcess(wiring.apiPort(), wiring.pagePort()).write(state);
            progress.ready();
            LOG.info("ready, process {}", ProcessHandle.current().pid());
            end.await();
            LOG.info("stopping");
        } catch (CommandException refused) {
            LOG.error("cannot start: {}", refused.sentence());
            progress.failed(refused);
            return refused.exitCode().number();
        } catch (RuntimeException fault) {
            LOG.error("cannot start", fault);
            progress.failed(new CommandException(
                    ExitCode.FAILED, "cannot start: " + firstLine(fault) + "; see " + state.log()));
            return ExitCode.FAILED.number();
        }
        return ExitCode.OK.number();
    }

    private static String firstLine(RuntimeException fault) {
        return String.valueOf(fault.getMessage()).lines().findFirst().orElse(fault.toString());
    }
}
