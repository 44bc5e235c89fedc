package dev.fairway.app.command;

import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.Terminal;
import dev.fairway.app.config.ConfigException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// The command line: which commands there are, and how a failure becomes a sentence and an exit code.
public final class Commands {

    /// In the order in which help shows them.
    private static final List<String> NAMES = List.of(
            "up",
            "down",
            "status",
            "kubeconfig",
            "certificates",
            "outside",
            "backup",
            "restore",
            "server",
            "node",
            "trace",
            "draw",
            "explain",
            "doctor",
            "demo");

    private Commands() {}

    /// What a command does; it returns the exit code's number.
    interface Action {
        int run(ParseResult options, Terminal terminal) throws Exception;
    }

    /// A command: how it is written and what it does.
    record Command(CommandSpec spec, Action action) {}

    public static int run(String[] arguments, Terminal terminal) {
        Map<CommandSpec, Action> actions = new HashMap<>();
        CommandLine line = commandLine(actions, arguments);
        line.setParameterExceptionHandler((wrong, _) -> usage(wrong, terminal));
        line.setExecutionStrategy(parsed -> execute(parsed, actions, terminal));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colour() ? Ansi.ON : Ansi.OFF));
        return line.execute(arguments);
    }

    private static CommandLine commandLine(Map<CommandSpec, Action> actions, String[] arguments) {
        CommandSpec root = CommandSpec.create().name("fairway");
        Options.standard().forEach(root::addOption);
        root.versionProvider(() -> new String[] {StatusCommand.versionLine()});
        root.usageMessage()
                .description("Kubernetes Services on this machine: ClusterIP, NodePort, LoadBalancer, ExternalName.")
                .footer(
                        "",
                        "First: fairway up, then fairway demo. When a Service does not work:",
                        "fairway explain svc/NAME, or the page in the browser; fairway status prints its",
                        "address.",
                        "",
                        "Exit codes: 0 ok, 1 findings or a failed check, 2 usage, 3 API unreachable,",
                        "            4 not enough privilege, 5 timed out.");
        for (Command command : commands(arguments)) {
            root.addSubcommand(command.spec().name(), command.spec());
            actions.put(command.spec(), command.action());
        }
        CommandSpec completion = Options.command("completion", "Print a completion script for bash and zsh.");
        root.addSubcommand("completion", completion);
        CommandLine line = new CommandLine(root);
        actions.put(completion, (_, terminal) -> {
            terminal.out().print(AutoComplete.bash("fairway", line));
            return ExitCode.OK.number();
        });
        return line;
    }

    /// The command that is called, or all of them: to describe what is not called takes a third of a short command.
    private static List<Command> commands(String[] arguments) {
        boolean isNamed = arguments.length > 0 && NAMES.contains(arguments[0]);
        return (isNamed ? List.of(arguments[0]) : NAMES)
                .stream().map(Commands::command).toList();
    }

    private static Command command(String name) {
        return switch (name) {
            case "up" -> UpCommand.command();
            case "down" -> DownCommand.command();
            case "status" -> StatusCommand.command();
            case "kubeconfig" -> KubeconfigCommand.command();
            case "certificates" -> CertificatesCommand.command();
            case "outside" -> OutsideCommand.command();
            case "backup" -> BackupCommand.backup();
            case "restore" -> BackupCommand.restore();
            case "server" -> ServerCommand.command();
            case "node" -> NodeCommand.command();
            case "trace" -> TraceCommand.command();
            case "draw" -> DrawCommand.command();
            case "explain" -> ExplainCommand.command();
            case "doctor" -> DoctorCommand.command();
            case "demo" -> DemoCommand.command();
            default -> throw new IllegalArgumentException("no command " + name);
        };
    }

    private static int usage(CommandLine.ParameterException wrong, Terminal terminal) {
        String name = wrong.getCommandLine().getCommandSpec().qualifiedName();
        terminal.failure(decapitalized(String.valueOf(wrong.getMessage())) + "; see " + name + " --help");
        return ExitCode.USAGE.number();
    }

    private static String decapitalized(String text) {
        return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }

    private static int execute(ParseResult parsed, Map<CommandSpec, Action> actions, Terminal terminal) {
        Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        ParseResult leaf = parsed;
        while (leaf.hasSubcommand()) {
            leaf = leaf.subcommand();
        }
        Action action = actions.get(leaf.commandSpec());
        if (action == null) {
            leaf.commandSpec().commandLine().usage(terminal.err());
            return ExitCode.USAGE.number();
        }
        return attempt(action, leaf, terminal);
    }

    private static int attempt(Action action, ParseResult options, Terminal terminal) {
        try {
            return action.run(options, terminal);
        } catch (CommandException refused) {
            terminal.failure(refused.sentence());
            return refused.exitCode().number();
        } catch (ConfigException wrong) {
            terminal.failure(String.valueOf(wrong.getMessage()));
            return ExitCode.USAGE.number();
        } catch (InterruptedException _) {
            terminal.failure("interrupted");
            return ExitCode.FAILED.number();
        } catch (Exception unexpected) {
            terminal.failure("unexpected failure: " + unexpected + "; this is a fault of fairway, please report it");
            return ExitCode.FAILED.number();
        }
    }
}
