package dev.fairway.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// The claim of one state folder on a cluster's name on this machine: everything in the kernel is found by the name, so
/// two clusters of the same name would take each other's namespaces for their own.
///
/// The lock ends with the process. The file says whose cluster it is, also after a crash, until `down` has taken the
/// cluster away; like all that it stands for it does not survive a restart of the machine.
public final class ClusterLock implements AutoCloseable {

    private static final Path FOLDER = Path.of("/run/fairway");

    private final FileChannel channel;

    private ClusterLock(FileChannel channel) {
        this.channel = channel;
    }

    private static Path file(String cluster) {
        return FOLDER.resolve(cluster + ".cluster");
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
            channel.write(ByteBuffer.wrap((state.root() + "\n").getBytes(StandardCharsets.UTF_8)));
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
        return state.readText(file(cluster)).map(String::strip).filter(text -> !text.isEmpty());
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
