package dev.fairway.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The claim of one state folder on a cluster's name on this machine: everything in the kernel is found by the name, so
/// two clusters of the same name would take each other's namespaces for their own.
///
/// The lock ends with the process. The file says whose cluster it is, also after a crash, until `down` has taken the
/// cluster away; like all that it stands for it does not survive a restart of the machine.
public final class ClusterLock implements AutoCloseable {

    private static final Path FOLDER = Path.of("/run/fairway");
    private static final String SUFFIX = ".cluster";

    private final FileChannel channel;

    /// What the file says about a cluster of a state folder.
    ///
    /// @param holder the process that took the name last; it may be gone. Empty when the file does not tell
    public record Claim(String cluster, Optional<ProcessIdentity> holder) {}

    private ClusterLock(FileChannel channel) {
        this.channel = channel;
    }

    private static Path file(String cluster) {
        return FOLDER.resolve(cluster + SUFFIX);
    }

    /// @throws CommandException naming the other state folder when the name is taken
    public static ClusterLock take(String cluster, StateFolder state) {
        requireMine(cluster, state);
        try {
            Files.createDirectories(FOLDER);
            FileChannel channel = FileChannel.open(file(cluster), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw new CommandException(
                        ExitCode.FAILED,
                        "another process runs the cluster \"" + cluster + "\" of " + state.root()
                                + "; see: fairway status --state " + state.root());
            }
            channel.truncate(0);
            ProcessIdentity self = ProcessIdentity.ofThisProcess();
            String text = state.root() + "\n" + self.pid() + " " + self.startedMillis() + "\n";
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            return new ClusterLock(channel);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "claiming the cluster name in " + file(cluster) + ": " + e);
        }
    }

    /// @throws CommandException when the name belongs to the cluster of another state folder
    public static void requireMine(String cluster, StateFolder state) {
        Optional<String> owner = owner(cluster, state);
        if (owner.isPresent() && !owner.get().equals(state.root().toString())) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "the name \"" + cluster + "\" is taken on this machine by the cluster of " + owner.get()
                            + "; set another name in the settings, or first run: fairway down --state "
                            + owner.get());
        }
    }

    private static Optional<String> owner(String cluster, StateFolder state) {
        return state.readText(file(cluster)).flatMap(text -> text.lines().findFirst());
    }

    /// The names that belong to the state folder, whether the folder itself is still there or not.
    public static List<Claim> claims(StateFolder state) {
        if (!Files.isDirectory(FOLDER)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .filter(cluster -> owner(cluster, state)
                            .equals(Optional.of(state.root().toString())))
                    .map(cluster ->
                            new Claim(cluster, state.readText(file(cluster)).flatMap(ClusterLock::holder)))
                    .toList();
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "looking for cluster names in " + FOLDER + ": " + e);
        }
    }

    private static Optional<ProcessIdentity> holder(String text) {
        return text.lines()
                .skip(1)
                .filter(line -> line.matches("[0-9]{1,18} [0-9]{1,18}"))
                .map(line -> line.split(" "))
                .map(words -> new ProcessIdentity(Long.parseLong(words[0]), Long.parseLong(words[1])))
                .findFirst();
    }

    /// Gives the name up: nothing of the cluster is left on this machine.
    public static void forget(String cluster) {
        try {
            Files.deleteIfExists(file(cluster));
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "giving up the cluster name in " + file(cluster) + ": " + e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException("closing the lock of the cluster name", e);
        }
    }
}
