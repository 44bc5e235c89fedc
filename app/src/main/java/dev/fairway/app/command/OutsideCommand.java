package dev.fairway.app.command;

import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.Preconditions;
import dev.fairway.app.StateFolder;
import dev.fairway.app.Terminal;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.kernel.NetworkNamespace;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `fairway outside -- CMD`: runs a command on the host outside the cluster.
final class OutsideCommand {

    private OutsideCommand() {}

    static Commands.Command command() {
        CommandSpec spec = Options.command("outside", "Run a command on the host outside the cluster.");
        spec.addOption(Options.state());
        spec.addPositional(PositionalParamSpec.builder()
                .index("0..*")
                .arity("1..*")
                .required(true)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel("CMD")
                .description("The command and its arguments, after --")
                .build());
        spec.parser().stopAtPositional(true);
        return new Commands.Command(spec, OutsideCommand::run);
    }

    private static int run(ParseResult options, Terminal terminal) throws Exception {
        Preconditions.requireRoot("outside");
        StateFolder state = Options.stateFolder(options);
        ClusterConfig config = state.readSettings()
                .orElseThrow(() -> new CommandException(
                        ExitCode.FAILED, "no cluster is known in " + state.root() + "; first run: fairway up"));
        NetworkNamespace outside = NetworkNamespace.find(config.name() + "-outside")
                .orElseThrow(() -> new CommandException(
                        ExitCode.API_UNREACHABLE, "the cluster is not running; first run: fairway up"));
        List<String> command = options.matchedPositionalValue(0, List.<String>of());
        Process process = outside.call(() -> start(command));
        return process.waitFor();
    }

    private static Process start(List<String> command) {
        try {
            return new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot run " + command.getFirst() + ": " + e.getMessage());
        }
    }
}
