package dev.fairway.app.command;

import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.StateFolder;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// Options that several commands share.
final class Options {

    private Options() {}

    static CommandSpec command(String name, String description) {
        CommandSpec spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
        spec.usageMessage().description(description);
        return spec;
    }

    static OptionSpec state() {
        return OptionSpec.builder("--state")
                .type(Path.class)
                .paramLabel("DIR")
                .description("The state folder; FAIRWAY_STATE or /var/lib/fairway when not given.")
                .build();
    }

    static OptionSpec output() {
        return OptionSpec.builder("-o", "--output")
                .type(String.class)
                .paramLabel("json")
                .description("Print JSON.")
                .build();
    }

    static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build();
    }

    static StateFolder stateFolder(ParseResult options) {
        return StateFolder.of(Optional.ofNullable(options.matchedOptionValue("--state", null)));
    }

    static boolean given(ParseResult options, String name) {
        return options.hasMatchedOption(name);
    }

    /// Whether JSON was asked for; any other form is refused.
    static boolean json(ParseResult options) {
        String form = options.matchedOptionValue("-o", "");
        if (!form.isEmpty() && !form.equals("json")) {
            throw new CommandException(ExitCode.USAGE, "-o: unknown form \"" + form + "\"; known: json");
        }
        return form.equals("json");
    }
}
