package dev.fairway.app.command;

import dev.fairway.app.ClusterLock;
import dev.fairway.app.ExitCode;
import dev.fairway.app.Preconditions;
import dev.fairway.app.StateFolder;
import dev.fairway.app.Terminal;
import dev.fairway.app.server.Teardown;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `fairway down`: stops the cluster and gives the machine back as it was. It also cleans up after a crash, and when
/// the
/// state folder was deleted by hand.
final class DownCommand {

    private DownCommand() {}

    static Commands.Command command() {
        CommandSpec spec = Options.command("down", "Stop; leave nothing behind but the state.");
        spec.addOption(Options.flag("--purge", "Remove the state too: every object of the cluster is lost."));
        spec.addOption(Options.state());
        return new Commands.Command(spec, DownCommand::run);
    }

    private static int run(ParseResult options, Terminal terminal) throws Exception {
        Preconditions.requireRoot("down");
        StateFolder state = Options.stateFolder(options);
        if (state.exists()) {
            state.open();
        } else if (ClusterLock.claims(state).isEmpty()) {
            terminal.note("nothing runs and nothing is kept in " + state.root());
            return ExitCode.OK.number();
        }
        Teardown.run(state, terminal);
        if (Options.given(options, "--purge")) {
            state.delete();
            terminal.note("removed " + state.root());
        }
        return ExitCode.OK.number();
    }
}
