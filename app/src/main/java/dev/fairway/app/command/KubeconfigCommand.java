package dev.fairway.app.command;

import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.StateFolder;
import dev.fairway.app.Terminal;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `fairway kubeconfig`: prints the kubeconfig, or where it is.
final class KubeconfigCommand {

    private KubeconfigCommand() {}

    static Commands.Command command() {
        CommandSpec spec = Options.command("kubeconfig", "Print the kubeconfig, or where it is.");
        spec.addOption(Options.flag("--path", "Print only the path of the file."));
        spec.addOption(Options.state());
        return new Commands.Command(spec, KubeconfigCommand::run);
    }

    private static int run(ParseResult options, Terminal terminal) {
        StateFolder state = Options.stateFolder(options);
        String text = state.readText(state.kubeconfig())
                .orElseThrow(() -> new CommandException(
                        ExitCode.FAILED, "there is no kubeconfig in " + state.root() + "; first run: fairway up"));
        if (Options.given(options, "--path")) {
            terminal.out().println(state.kubeconfig());
        } else {
            terminal.out().print(text);
        }
        return ExitCode.OK.number();
    }
}
