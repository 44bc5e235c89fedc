package dev.fairway.app.server;

import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.ServerRecord;
import dev.fairway.app.StateFolder;
import dev.fairway.app.StoreChoice;
import dev.fairway.store.Backups;
import dev.fairway.store.Store;
import dev.fairway.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// All that makes a cluster the same one again, in one zip file: its objects, its keys, its settings.
public final class BackupFile {

    private static final String OBJECTS = "store/state.db";
    private static final String KEYS = "pki/";
    private static final List<String> REST = List.of("format", "cluster.yaml");

    private BackupFile() {}

    /// Writes the cluster of `state`, running or not, to `file`, which must not exist. Readable by its owner only: it
    /// holds keys.
    ///
    /// @throws CommandException when there is nothing to keep, or the file cannot be written
    public static void write(StateFolder state, Path file) {
        Path draft = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (ZipOutputStream zip =
                    new ZipOutputStream(Files.newOutputStream(draft, StandardOpenOption.TRUNCATE_EXISTING))) {
                zip.putNextEntry(new ZipEntry(OBJECTS));
                objects(state, zip);
                zip.closeEntry();
                others(state, zip);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "writing " + file + ": " + e + "; is there room on its disk?");
        } finally {
            draft.toFile().delete();
        }
    }

    private static void objects(StateFolder state, OutputStream out) throws IOException {
        if (ServerRecord.running(state).isPresent()) {
            try (SocketChannel door = SocketChannel.open(UnixDomainSocketAddress.of(state.backupSocket()));
                    InputStream in = Channels.newInputStream(door)) {
                if (in.transferTo(out) == 0) {
                    throw new CommandException(
                            ExitCode.FAILED, "the server could not copy its objects; see " + state.log());
                }
            }
            return;
        }
        Path folder = Files.createTempDirectory(state.root(), "backup-");
        try (Store store = StoreChoice.kept(state).orElse(StoreChoice.SQLITE).open(state)) {
            Backups.write(store, folder);
            Files.copy(folder.resolve("state.db"), out);
        } catch (StoreException e) {
            throw new CommandException(ExitCode.FAILED, e.text());
        } finally {
            BackupDoor.delete(folder);
        }
    }

    private static void others(StateFolder state, ZipOutputStream zip) throws IOException {
        for (String name : REST) {
            add(state.root().resolve(name), name, zip);
        }
        try (Stream<Path> keys = Files.list(state.keys())) {
            for (Path key : keys.filter(Files::isRegularFile).sorted().toList()) {
                add(key, KEYS + key.getFileName(), zip);
            }
        }
    }

    private static void add(Path file, String name, ZipOutputStream zip) throws IOException {
        if (Files.exists(file)) {
            zip.putNextEntry(new ZipEntry(name));
            Files.copy(file, zip);
            zip.closeEntry();
        }
    }

    /// Puts the objects, keys and settings of `file` in the place of those of `state`, whose cluster must not run.
    /// Returns where the replaced objects are kept.
    ///
    /// @throws CommandException when the file is no whole backup; nothing was changed then
    public static Path restore(Path file, StateFolder state) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Path copy = Files.createTempDirectory(state.root(), "restore-");
            try {
                unpack(zip, OBJECTS, copy.resolve("state.db"));
                Path replaced = Backups.restore(copy, state.store());
                restoreOthers(zip, state);
                StoreChoice.SQLITE.keep(state);
                return replaced;
            } finally {
                if (Files.exists(copy)) {
                    BackupDoor.delete(copy);
                }
            }
        } catch (StoreException e) {
            throw new CommandException(ExitCode.FAILED, "restoring " + file + ": " + e.text());
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "restoring " + file + ": it is no whole backup: " + e);
        }
    }

    private static void restoreOthers(ZipFile zip, StateFolder state) throws IOException {
        Files.createDirectories(state.keys());
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
            String name = all.nextElement().getName();
            if (name.matches(KEYS + "[A-Za-z0-9._-]+") || REST.contains(name)) {
                unpack(zip, name, state.root().resolve(name));
            }
        }
    }

    private static void unpack(ZipFile zip, String name, Path to) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new IOException(name + " is missing");
        }
        Path draft = to.resolveSibling(to.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(
                draft, PosixFilePermissions.asFileAttribute(Set.copyOf(PosixFilePermissions.fromString("rw-------"))));
        try (InputStream in = zip.getInputStream(entry);
                OutputStream out = Files.newOutputStream(draft)) {
            in.transferTo(out); // reads to the end, where the checksum is compared
        }
        Files.move(draft, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
