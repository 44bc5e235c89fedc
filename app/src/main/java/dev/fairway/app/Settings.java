package dev.fairway.app;

import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.config.ConfigReader;
import dev.fairway.app.config.Defaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The settings of this start: the file's, the command line's, or those the cluster was made with.
///
/// @param text what is kept in the state folder, so that the next start needs no option
public record Settings(ClusterConfig config, String text, StoreChoice store) {

    /// @throws CommandException when options contradict each other or the cluster that is there
    public static Settings choose(
            StateFolder state, Optional<Path> file, Optional<Integer> nodeCount, StoreChoice store) {
        if (file.isPresent() && nodeCount.isPresent()) {
            throw new CommandException(
                    ExitCode.USAGE, "--nodes and --config exclude each other: set nodes in the file");
        }
        Optional<ClusterConfig> before = state.readSettings();
        Settings chosen = file.map(path -> ofFile(path, store))
                .or(() -> nodeCount.map(count -> ofCount(count, before, store)))
                .orElseGet(() -> before.map(config -> new Settings(config, kept(state), store))
                        .orElseGet(() -> ofCount(Defaults.NODE_COUNT, before, store)));
        before.ifPresent(config -> requireCompatible(config, chosen.config(), state));
        return chosen;
    }

    /// Those of the file, else those of the state folder, else the usual ones; nothing is refused but what cannot be
    /// read.
    public static ClusterConfig planned(StateFolder state, Optional<Path> file) {
        return file.map(path -> ofFile(path, StoreChoice.SQLITE).config())
                .or(state::readSettings)
                .orElseGet(() -> Defaults.config(Defaults.NODE_COUNT));
    }

    private static String kept(StateFolder state) {
        return state.readText(state.settings()).orElse("");
    }

    private static Settings ofFile(Path file, StoreChoice store) {
        try {
            String text = Files.readString(file);
            return new Settings(ConfigReader.parse(text, file.toString()), text, store);
        } catch (IOException e) {
            throw new CommandException(ExitCode.USAGE, "--config: cannot read " + file + ": " + e.getMessage());
        }
    }

    private static Settings ofCount(int count, Optional<ClusterConfig> before, StoreChoice store) {
        if (count < 1 || count > Defaults.NODE_COUNT_MAX) {
            throw new CommandException(
                    ExitCode.USAGE, "--nodes: expected 1 to " + Defaults.NODE_COUNT_MAX + ", got " + count);
        }
        ClusterConfig defaults = Defaults.config(count);
        if (before.isPresent() && !before.get().withNodes(defaults.nodes()).equals(defaults)) {
            throw new CommandException(
                    ExitCode.USAGE, "--nodes: this cluster was made from a file; change nodes there and use --config");
        }
        return new Settings(defaults, "nodes: " + count + "\n", store);
    }

    /// Addresses that Services already hold cannot move.
    private static void requireCompatible(ClusterConfig before, ClusterConfig now, StateFolder state) {
        String field = !before.name().equals(now.name())
                ? "name"
                : !before.services().ranges().equals(now.services().ranges())
                        ? "services.ranges"
                        : !before.dns().domain().equals(now.dns().domain()) ? "dns.domain" : "";
        if (!field.isEmpty()) {
            throw new CommandException(
                    ExitCode.FAILED,
                    field + " differs from what the cluster in " + state.root()
                            + " was made with; keep it, use another --state, or remove it with: fairway down --purge");
        }
    }

    /// @throws CommandException when the running server has other settings
    public void requireSameAsRunning(StateFolder state) {
        if (state.readSettings().filter(config::equals).isEmpty()) {
            throw new CommandException(
                    ExitCode.FAILED, "the cluster runs with other settings; first run: fairway down");
        }
    }
}
