package dev.fairway.app.command;

import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.ServerRecord;
import dev.fairway.app.StateFolder;
import dev.fairway.app.StoreChoice;
import dev.fairway.app.Terminal;
import dev.fairway.app.server.BackupFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `fairway backup FILE` and `fairway restore FILE`.
final class BackupCommand {

    private BackupCommand() {}

    static Commands.Command backup() {
        CommandSpec spec = Options.command(
                "backup", "Copy all objects, keys and settings to a file; the cluster goes on meanwhile.");
        spec.addPositional(file("The file to write; it must not exist. It holds keys: keep it safe."));
        spec.addOption(Options.state());
        return new Commands.Command(spec, BackupCommand::backup);
    }

    static Commands.Command restore() {
        CommandSpec spec = Options.command("restore", "Put a backup in the place of a stopped cluster's state.");
        spec.addPositional(file("A file that fairway backup wrote."));
        spec.addOption(Options.state());
        return new Commands.Command(spec, BackupCommand::restore);
    }

    private static PositionalParamSpec file(String description) {
        return PositionalParamSpec.builder()
                .paramLabel("FILE")
                .type(Path.class)
                .arity("1")
                .description(description)
                .build();
    }

    private static int backup(ParseResult options, Terminal terminal) {
        StateFolder state = existing(options);
        Path file = options.<Path>matchedPositionalValue(0, Path.of("")).toAbsolutePath();
        if (Files.exists(file)) {
            throw new CommandException(ExitCode.FAILED, file + " exists; name a new file");
        }
        BackupFile.write(state, file);
        terminal.note("wrote " + file + ", " + kilobytes(file) + " kB");
        return ExitCode.OK.number();
    }

    private static int restore(ParseResult options, Terminal terminal) {
        StateFolder state = Options.stateFolder(options);
        Path file = options.<Path>matchedPositionalValue(0, Path.of("")).toAbsolutePath();
        if (!Files.isReadable(file)) {
            throw new CommandException(ExitCode.FAILED, "cannot read " + file);
        }
        if (ServerRecord.running(state).isPresent()) {
            throw new CommandException(
                    ExitCode.FAILED, "the cluster of " + state.root() + " runs; first run: fairway down");
        }
        state.open();
        if (StoreChoice.kept(state).filter(StoreChoice::isShared).isPresent()) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "the objects of this cluster are in etcd: restore a snapshot there (etcdctl snapshot restore),"
                            + " or restore into another --state to have them in a file");
        }
        Path replaced = BackupFile.restore(file, state);
        String rest = Files.exists(replaced) ? "; what was there before is in " + replaced : "";
        terminal.note("restored " + state.root() + " from " + file + rest);
        return ExitCode.OK.number();
    }

    private static StateFolder existing(ParseResult options) {
        StateFolder state = Options.stateFolder(options);
        if (!state.exists()) {
            throw new CommandException(ExitCode.FAILED, "there is no cluster in " + state.root() + "; see --state");
        }
        state.open();
        return state;
    }

    private static long kilobytes(Path file) {
        try {
            return Files.size(file) / 1_000;
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "reading " + file + ": " + e);
        }
    }
}
