package dev.fairway.app.command;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.StateFolder;
import dev.fairway.app.StoreChoice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// Options that several commands share.
final class Options {

    private Options() {}

    static CommandSpec command(String name, String description) {
        CommandSpec spec = CommandSpec.create().name(name);
        standard().forEach(spec::addOption);
        spec.usageMessage().description(description);
        return spec;
    }

    /// What every command has. The library's own ones come by reflection, which takes a tenth of a short command.
    static List<OptionSpec> standard() {
        return List.of(
                OptionSpec.builder("-h", "--help")
                        .type(boolean.class)
                        .arity("0")
                        .usageHelp(true)
                        .description("Show this help message and exit.")
                        .build(),
                OptionSpec.builder("-V", "--version")
                        .type(boolean.class)
                        .arity("0")
                        .versionHelp(true)
                        .description("Print version information and exit.")
                        .build());
    }

    static OptionSpec state() {
        return OptionSpec.builder("--state")
                .type(Path.class)
                .paramLabel("DIR")
                .description("The state folder; FAIRWAY_STATE or /var/lib/fairway when not given.")
                .build();
    }

    /// Where the objects are kept.
    static List<OptionSpec> store() {
        List<OptionSpec> out = new ArrayList<>();
        out.add(OptionSpec.builder(StoreChoice.STORE)
                .type(String.class)
                .paramLabel("WHERE")
                .description(
                        "Where the API keeps its objects: sqlite (default), memory (gone when it stops), or",
                        "etcd://HOST:PORT[,HOST:PORT...][/PREFIX], etcds:// with TLS. Kept for later starts.")
                .build());
        out.add(file(StoreChoice.CA, "PEM of the authority that certified etcd's servers."));
        out.add(file(StoreChoice.CERTIFICATE, "PEM of the certificate with which etcd lets this server in."));
        out.add(file(StoreChoice.KEY, "PEM of that certificate's key."));
        out.add(OptionSpec.builder(StoreChoice.USER)
                .type(String.class)
                .paramLabel("NAME")
                .description("User of etcd.")
                .build());
        out.add(file(StoreChoice.PASSWORD, "File with that user's password on its first line."));
        return out;
    }

    private static OptionSpec file(String name, String description) {
        return OptionSpec.builder(name)
                .type(Path.class)
                .paramLabel("FILE")
                .description(description)
                .build();
    }

    /// What the options say about the store, else what was said at an earlier start.
    static StoreChoice store(ParseResult options, StateFolder state) {
        SequencedMap<String, Path> files = new TreeMap<>();
        for (String option : StoreChoice.FILE_OPTIONS) {
            Path path = options.matchedOptionValue(option, (Path) null);
            if (path != null) {
                files.put(option, path.toAbsolutePath());
            }
        }
        String user = options.matchedOptionValue(StoreChoice.USER, "");
        if (!given(options, StoreChoice.STORE) && files.isEmpty() && user.isEmpty()) {
            return StoreChoice.kept(state).orElse(StoreChoice.SQLITE);
        }
        String location = options.matchedOptionValue(StoreChoice.STORE, StoreChoice.SQLITE.location());
        return new StoreChoice(location, files, user);
    }

    static OptionSpec output() {
        return OptionSpec.builder("-o", "--output")
                .type(String.class)
                .paramLabel("json")
                .description("Print JSON.")
                .build();
    }

    static OptionSpec text(String name, String label, String... description) {
        return OptionSpec.builder(name)
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build();
    }

    /// Several values with commas, or the option several times.
    static OptionSpec list(String name, String label, String... description) {
        return OptionSpec.builder(name)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .splitRegex(",")
                .paramLabel(label)
                .description(description)
                .build();
    }

    static List<IpAddress> addresses(ParseResult options, String name) {
        return each(options, name, "an address", IpAddress::tryParse);
    }

    static List<Cidr> blocks(ParseResult options, String name) {
        return each(options, name, "a block such as 10.244.0.0/16", Cidr::tryParse);
    }

    private static <T> List<T> each(
            ParseResult options, String name, String expected, Function<String, Optional<T>> parse) {
        List<String> texts = options.matchedOptionValue(name, List.of());
        return texts.stream()
                .map(text -> parse.apply(text)
                        .orElseThrow(() -> new CommandException(
                                ExitCode.USAGE, name + ": expected " + expected + ", got \"" + text + "\"")))
                .toList();
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
