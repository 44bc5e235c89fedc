package dev.fairway.kernel;

import static dev.fairway.kernel.KernelException.check;

import dev.fairway.kernel.libc.Libc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A network namespace: the one of the machine, or a named one under `/run/netns`, where `ip netns` finds it too.
///
/// A value that holds no descriptor: it names the namespace, and each call opens it anew.
public final class NetworkNamespace {

    private static final Path FOLDER = Path.of("/run/netns");
    /// The namespace of the process' first thread, which no code of ours ever moves.
    private static final NetworkNamespace HOST = new NetworkNamespace("host", Path.of("/proc/self/ns/net"));

    private final String name;
    private final Path path;

    private NetworkNamespace(String name, Path path) {
        this.name = name;
        this.path = path;
    }

    /// Work to do inside a namespace.
    @FunctionalInterface
    public interface Body<T extends @Nullable Object, E extends Exception> {
        T call() throws E;
    }

    /// Work without a result to do inside a namespace.
    @FunctionalInterface
    public interface Action<E extends Exception> {
        void run() throws E;
    }

    /// The namespace in which this process was started.
    public static NetworkNamespace host() {
        return HOST;
    }

    /// Makes a named namespace: a mount of a new namespace on `/run/netns/NAME`.
    ///
    /// @throws KernelException EEXIST when the name is taken, EPERM without the right to make namespaces
    /// @throws IllegalArgumentException when the name cannot be a file name
    public static NetworkNamespace create(String name) {
        Path path = path(name);
        makeFolder();
        // All of it on one platform thread: waiting for the lock blocks the thread in the kernel, and a virtual thread
        // that held the lock could not go on once such waiters have taken every carrier.
        PlatformThread.call("netns-create", () -> createLocked(name, path));
        return new NetworkNamespace(name, path);
    }

    private static boolean createLocked(String name, Path path) {
        int lock = lockFolder();
        try {
            share(FOLDER.toString());
            if (isMount(path)) {
                throw new KernelException("create network namespace", name, Errno.EEXIST);
            }
            // a file that is no mount was left by a creation that was cut short
            int flags = Libc.O_RDONLY | Libc.O_CREAT | Libc.O_CLOEXEC;
            Libc.close(check(Libc.open(path.toString(), flags, 0), "create network namespace", name));
            return mountNew(path);
        } catch (KernelException e) {
            if (!e.is(Errno.EEXIST)) {
                removeFile(path);
            }
            throw e;
        } finally {
            Libc.close(lock);
        }
    }

    /// A named namespace that exists, whoever made it.
    public static Optional<NetworkNamespace> find(String name) {
        Path path = path(name);
        return isMount(path) ? Optional.of(new NetworkNamespace(name, path)) : Optional.empty();
    }

    /// Removes the name, if it is there; also one that a creation that was cut short left without a namespace.
    public static void remove(String name) {
        Path path = path(name);
        if (isMount(path)) {
            Libc.umount2(path.toString(), Libc.MNT_DETACH);
        }
        removeFile(path);
    }

    /// The names of all named namespaces, sorted.
    public static List<String> list() {
        if (!Files.isDirectory(FOLDER)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("list network namespaces in " + FOLDER, e);
        }
    }

    /// Removes `/run/netns` itself when no namespace has a name any more, so that the machine is as it was before the
    /// first one. A folder that somebody else uses stays.
    public static void removeEmptyFolder() {
        if (!list().isEmpty() || !Files.isDirectory(FOLDER)) {
            return;
        }
        int unmounted = Libc.umount2(FOLDER.toString(), 0);
        if (unmounted == -Errno.EBUSY.number()) {
            return;
        }
        try {
            Files.deleteIfExists(FOLDER);
        } catch (IOException e) {
            throw new UncheckedIOException("remove " + FOLDER, e);
        }
    }

    public String name() {
        return name;
    }

    /// The file that stands for the namespace: `/run/netns/NAME`.
    public Path path() {
        return path;
    }

    /// Removes the name. The kernel ends the namespace, with its links and addresses, once no process, thread or
    /// socket is left in it.
    ///
    /// @throws KernelException ENOENT when it does not exist
    /// @throws IllegalStateException for the machine's own namespace
    public void delete() {
        if (path.equals(HOST.path)) {
            throw new IllegalStateException("the host's own network namespace cannot be deleted");
        }
        check(Libc.umount2(path.toString(), Libc.MNT_DETACH), "delete network namespace", name);
        removeFile(path);
    }

    /// Runs the body on a fresh platform thread inside this namespace and waits for it. Sockets that it opens stay in
    /// the namespace and may be used from any thread afterwards.
    ///
    /// The body must not start threads, virtual ones included: a new native thread inherits the namespace of the
    /// thread that starts it.
    ///
    /// @throws E whatever the body throws
    /// @throws KernelException when the namespace cannot be entered (ENOENT: it is gone)
    public <T extends @Nullable Object, E extends Exception> T call(Body<T, E> body) throws E {
        return PlatformThread.call("netns-" + name, () -> {
            enter();
            return body.call();
        });
    }

    /// `call` without a result.
    public <E extends Exception> void run(Action<E> action) throws E {
        PlatformThread.call("netns-" + name, () -> {
            enter();
            action.run();
            return true;
        });
    }

    /// The processes whose first thread is in this namespace, as `ip netns pids` lists them.
    public List<ProcessIdentity> processes() {
        Optional<Object> wanted = inode(path);
        try (Stream<Path> files = Files.list(Path.of("/proc"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> Character.isDigit(file.charAt(0)))
                    .filter(pid -> wanted.isPresent()
                            && inode(Path.of("/proc", pid, "ns", "net")).equals(wanted))
                    .flatMap(pid -> ProcessIdentity.of(Long.parseLong(pid)).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("list processes", e);
        }
    }

    /// The number by which the kernel knows a namespace; empty when its file is gone.
    private static Optional<Object> inode(Path file) {
        try {
            return Optional.of(Files.getAttribute(file, "unix:ino"));
        } catch (IOException e) {
            return Optional.empty(); // the process has ended meanwhile
        }
    }

    /// Moves the calling thread for good: for throwaway platform threads only.
    void enter() {
        int fd = check(Libc.open(path.toString(), Libc.O_RDONLY | Libc.O_CLOEXEC, 0), "open network namespace", name);
        try {
            check(Libc.setns(fd, Libc.CLONE_NEWNET), "enter network namespace", name);
        } finally {
            Libc.close(fd);
        }
    }

    private static Path path(String name) {
        if (name.isEmpty() || name.startsWith(".") || name.indexOf('/') >= 0 || name.length() > 255) {
            throw new IllegalArgumentException("\"" + name + "\" cannot be the name of a network namespace");
        }
        return FOLDER.resolve(name);
    }

    private static boolean mountNew(Path path) {
        check(Libc.unshare(Libc.CLONE_NEWNET), "make a network namespace for", path.toString());
        check(
                Libc.mount("/proc/thread-self/ns/net", path.toString(), "none", Libc.MS_BIND),
                "mount network namespace on",
                path.toString());
        return true;
    }

    private static void makeFolder() {
        try {
            Files.createDirectories(FOLDER);
        } catch (IOException e) {
            throw new UncheckedIOException("make " + FOLDER, e);
        }
    }

    /// The same lock that `ip netns` takes; closing the descriptor gives it back.
    private static int lockFolder() {
        String folder = FOLDER.toString();
        int lock = check(Libc.open(folder, Libc.O_RDONLY | Libc.O_CLOEXEC, 0), "open", folder);
        check(Libc.flock(lock, Libc.LOCK_EX), "lock", folder);
        return lock;
    }

    /// A mount is on another device than the folder that holds its name.
    private static boolean isMount(Path file) {
        try {
            return !Files.getAttribute(file, "unix:dev").equals(Files.getAttribute(FOLDER, "unix:dev"));
        } catch (IOException e) {
            return false; // not there at all
        }
    }

    /// `ip netns` shares the folder between mount namespaces, so that a deletion is seen everywhere: do the same.
    private static void share(String folder) {
        int shared = Libc.mount("", folder, "none", Libc.MS_SHARED | Libc.MS_REC);
        if (shared == -Errno.EINVAL.number()) { // not a mount yet
            check(Libc.mount(folder, folder, "none", Libc.MS_BIND | Libc.MS_REC), "mount", folder);
            shared = Libc.mount("", folder, "none", Libc.MS_SHARED | Libc.MS_REC);
        }
        check(shared, "share mount", folder);
    }

    private static void removeFile(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("remove " + path, e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NetworkNamespace that && path.equals(that.path);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
