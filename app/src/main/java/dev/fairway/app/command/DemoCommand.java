package dev.fairway.app.command;

import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.Preconditions;
import dev.fairway.app.ServerRecord;
import dev.fairway.app.StateFolder;
import dev.fairway.app.Terminal;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.demo.Demo;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `fairway demo`: plays the five steps of the article in the running cluster.
final class DemoCommand {

    private DemoCommand() {}

    static Commands.Command command() {
        CommandSpec spec = Options.command("demo", "Play the five steps of examples/article/ with kubectl.");
        spec.addOption(Options.state());
        return new Commands.Command(spec, DemoCommand::run);
    }

    private static int run(ParseResult options, Terminal terminal) throws Exception {
        Preconditions.requireRoot("demo");
        StateFolder state = Options.stateFolder(options);
        ClusterConfig config = state.readSettings()
                .filter(_ -> ServerRecord.running(state).isPresent())
                .orElseThrow(() -> new CommandException(
                        ExitCode.API_UNREACHABLE, "the cluster is not running; first run: fairway up"));
        Path manifests = Path.of(System.getenv().getOrDefault("FAIRWAY_HOME", "."), "examples", "article");
        if (!Files.isDirectory(manifests)) {
            throw new CommandException(
                    ExitCode.FAILED, "the demo's manifests are not in " + manifests + "; set FAIRWAY_HOME");
        }
        Demo.play(state, config, manifests, terminal);
        return ExitCode.OK.number();
    }
}
