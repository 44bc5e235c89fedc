package dev.fairway.app.command;

import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.Preconditions;
import dev.fairway.app.ServerRecord;
import dev.fairway.app.Settings;
import dev.fairway.app.StateFolder;
import dev.fairway.app.Terminal;
import dev.fairway.app.page.PageServer;
import dev.fairway.app.server.Launcher;
import dev.fairway.app.server.Role;
import dev.fairway.app.server.Server;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `fairway up`: starts the cluster in the background and returns when it answers. Running twice is the same as once.
final class UpCommand {

    private UpCommand() {}

    static Commands.Command command() {
        CommandSpec spec = Options.command("up", "Start everything on this machine in the background.");
        spec.addOption(OptionSpec.builder("--nodes")
                .type(Integer.class)
                .paramLabel("N")
                .description("How many nodes; 2 for a new cluster.")
                .build());
        spec.addOption(OptionSpec.builder("--config")
                .type(Path.class)
                .paramLabel("FILE")
                .description("Settings of the cluster (YAML); see examples/article/cluster.yaml.")
                .build());
        Options.store().forEach(spec::addOption);
        spec.addOption(Options.state());
        spec.addOption(OptionSpec.builder("--timeout")
                .type(Integer.class)
                .paramLabel("SECONDS")
                .description("How long to wait until everything answers; 60 when not given.")
                .build());
        spec.addOption(Options.flag("--foreground", "Stay in the foreground; for a service supervisor."));
        return new Commands.Command(spec, UpCommand::run);
    }

    private static int run(ParseResult options, Terminal terminal) throws Exception {
        Preconditions.requireRoot("up");
        StateFolder state = Options.stateFolder(options);
        state.open();
        Settings settings = Settings.choose(
                state,
                Optional.ofNullable(options.matchedOptionValue("--config", (Path) null)),
                Optional.ofNullable(options.matchedOptionValue("--nodes", (Integer) null)),
                Options.store(options, state));
        Optional<ServerRecord> running = ServerRecord.running(state);
        if (running.isPresent()) {
            settings.requireSameAsRunning(state);
            terminal.note("already running since " + running.get().since() + " (process "
                    + running.get().pid() + ")");
            hint(state, terminal);
            return ExitCode.OK.number();
        }
        if (Options.given(options, "--foreground")) {
            return Server.run(new Role.Whole(), settings, state);
        }
        int timeoutSeconds = options.matchedOptionValue("--timeout", 60);
        if (timeoutSeconds < 1) {
            throw new CommandException(ExitCode.USAGE, "--timeout: expected at least 1 second, got " + timeoutSeconds);
        }
        Launcher.launch(state, settings, timeoutSeconds, terminal);
        hint(state, terminal);
        return ExitCode.OK.number();
    }

    private static void hint(StateFolder state, Terminal terminal) {
        ServerRecord.running(state)
                .filter(server -> server.pagePort() != 0)
                .ifPresent(
                        server -> terminal.note("picture in the browser: " + PageServer.url(state, server.pagePort())));
        terminal.out().println("export KUBECONFIG=" + state.kubeconfig());
    }
}
