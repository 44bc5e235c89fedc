package dev.fairway.app.command;

import dev.fairway.address.IpAddress;
import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.ServerRecord;
import dev.fairway.app.Settings;
import dev.fairway.app.StateFolder;
import dev.fairway.app.Terminal;
import dev.fairway.app.server.Role;
import dev.fairway.app.server.Server;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `fairway server`: the API server and the controllers alone, in the foreground. Any number of them on one etcd are
/// one cluster.
final class ServerCommand {

    private static final String LOOPBACK = "127.0.0.1";

    private ServerCommand() {}

    static Commands.Command command() {
        CommandSpec spec =
                Options.command("server", "Run the API server and the controllers alone, in the foreground.");
        spec.addOption(OptionSpec.builder("--listen")
                .type(String.class)
                .paramLabel("ADDRESS")
                .description("The address to listen on; " + LOOPBACK + " when not given.")
                .build());
        spec.addOption(OptionSpec.builder("--port")
                .type(Integer.class)
                .paramLabel("PORT")
                .description("The port to listen on; apiPort of the settings when not given, 0 for any.")
                .build());
        spec.addOption(OptionSpec.builder("--config")
                .type(Path.class)
                .paramLabel("FILE")
                .description("Settings of the cluster (YAML); the same for all its servers.")
                .build());
        Options.store().forEach(spec::addOption);
        spec.addOption(Options.state());
        return new Commands.Command(spec, ServerCommand::run);
    }

    private static int run(ParseResult options, Terminal terminal) throws Exception {
        StateFolder state = Options.stateFolder(options);
        state.open();
        Settings settings = Settings.choose(
                state,
                Optional.ofNullable(options.matchedOptionValue("--config", (Path) null)),
                Optional.empty(),
                Options.store(options, state));
        Optional<ServerRecord> running = ServerRecord.running(state);
        if (running.isPresent()) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "process " + running.get().pid() + " already serves " + state.root() + "; use another --state");
        }
        String listen = options.matchedOptionValue("--listen", LOOPBACK);
        try {
            IpAddress.parse(listen);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, "--listen: expected an address, got \"" + listen + "\"");
        }
        int port = options.matchedOptionValue("--port", settings.config().apiPort());
        if (port < 0 || port > 65_535) {
            throw new CommandException(ExitCode.USAGE, "--port: expected 0 to 65535, got " + port);
        }
        state.deleteRunFiles();
        state.writeText(state.progress(), "");
        return Server.run(new Role.ApiOnly(listen, port), settings, state);
    }
}
