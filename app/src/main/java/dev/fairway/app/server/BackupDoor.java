package dev.fairway.app.server;

import dev.fairway.app.StateFolder;
import dev.fairway.store.Backups;
import dev.fairway.store.Store;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A socket in the state folder, which only root can enter: whoever connects gets a copy of the objects as they are
/// now, and the end of the stream.
final class BackupDoor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BackupDoor.class);

    private final Store store;
    private final Path scratch;
    private final ServerSocketChannel server;

    private BackupDoor(Store store, Path scratch, ServerSocketChannel server) {
        this.store = store;
        this.scratch = scratch;
        this.server = server;
    }

    static BackupDoor open(StateFolder state, Store store) {
        Path socket = state.backupSocket();
        try {
            Files.createDirectories(state.root().resolve("run"));
            Files.deleteIfExists(socket);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            BackupDoor door = new BackupDoor(store, state.root().resolve("run"), server);
            Thread.ofPlatform().name("backups").daemon().start(door::run);
            return door;
        } catch (IOException e) {
            throw new IllegalStateException("opening " + socket + ": " + e.getMessage(), e);
        }
    }

    private void run() {
        while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
                serve(client);
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException | RuntimeException e) {
                LOG.warn("a backup failed: {}", e.getMessage());
            }
        }
    }

    private void serve(SocketChannel client) throws IOException {
        Path folder = Files.createTempDirectory(scratch, "backup-");
        try (OutputStream out = Channels.newOutputStream(client)) {
            long revision = Backups.write(store, folder);
            Files.copy(folder.resolve("state.db"), out);
            LOG.info("a backup was taken at revision {}", revision);
        } finally {
            delete(folder);
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            List<Path> bottomUp = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path path : bottomUp) {
                Files.deleteIfExists(path);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
