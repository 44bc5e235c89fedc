package dev.fairway.app;

import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.config.ConfigReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where a cluster keeps everything that outlives the process. Only root may read it: it holds keys.
public record StateFolder(Path root) {

    /// The layout of this folder. A newer number is refused, never guessed at.
    public static final int FORMAT = 1;

    private static final String DEFAULT_PATH = "/var/lib/fairway";

    /// The folder named on the command line, else by `FAIRWAY_STATE`, else the usual one.
    public static StateFolder of(Optional<Path> named) {
        String fallback = System.getenv().getOrDefault("FAIRWAY_STATE", DEFAULT_PATH);
        return new StateFolder(named.orElse(Path.of(fallback)).toAbsolutePath().normalize());
    }

    public Path store() {
        return root.resolve("store");
    }

    public Path keys() {
        return root.resolve("pki");
    }

    public Path node(String name) {
        return root.resolve("nodes").resolve(name);
    }

    public Path nodes() {
        return root.resolve("nodes");
    }

    public Path kubeconfig() {
        return root.resolve("kubeconfig");
    }

    public Path log() {
        return root.resolve("log").resolve("fairway.log");
    }

    public Path audit() {
        return root.resolve("audit");
    }

    public Path settings() {
        return root.resolve("cluster.yaml");
    }

    /// How the cluster's store was chosen; see {@link StoreChoice}.
    public Path storeOptions() {
        return root.resolve("store.options");
    }

    /// Where a running server hands out copies of its objects.
    public Path backupSocket() {
        return root.resolve("run").resolve("backup.sock");
    }

    /// What lets a browser into the page.
    public Path pageToken() {
        return root.resolve("page.token");
    }

    public Path serverRecord() {
        return root.resolve("run").resolve("server.json");
    }

    public Path progress() {
        return root.resolve("run").resolve("progress.jsonl");
    }

    public boolean exists() {
        return Files.exists(root.resolve("format"));
    }

    /// Makes the folder, or checks that this version may use it.
    public void open() {
        try {
            Path format = root.resolve("format");
            if (Files.exists(format)) {
                checkFormat(Files.readString(format).strip());
                return;
            }
            Files.createDirectories(
                    root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.writeString(format, FORMAT + "\n");
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED, "opening the state folder " + root + ": " + e + "; choose another with --state");
        }
    }

    private void checkFormat(String found) {
        int number = found.matches("[0-9]{1,6}") ? Integer.parseInt(found) : Integer.MAX_VALUE;
        if (number > FORMAT) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "the state folder " + root + " has format " + found + " and this version knows " + FORMAT
                            + " at most: it was written by a newer version; use that version, or another folder"
                            + " with --state");
        }
    }

    /// The settings the cluster was made with; empty when there is none yet.
    public Optional<ClusterConfig> readSettings() {
        return readText(settings())
                .map(text -> ConfigReader.parse(text, settings().toString()));
    }

    public void writeSettings(String text) {
        writeText(settings(), text);
    }

    public Optional<String> readText(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    /// Replaces the file as a whole: a reader sees the old text or the new one.
    public void writeText(Path file, String text) {
        try {
            Path folder = file.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Path draft = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + file, e);
        }
    }

    /// Removes the folder and all in it.
    public void delete() {
        deleteTree(root);
    }

    /// Removes what only a running server needs.
    public void deleteRunFiles() {
        deleteTree(root.resolve("run"));
    }

    private static void deleteTree(Path top) {
        if (!Files.exists(top)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(top)) {
            List<Path> bottomUp = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path path : bottomUp) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("deleting " + top, e);
        }
    }
}
