package dev.fairway.kernel;

import static dev.fairway.kernel.KernelException.check;

import dev.fairway.kernel.libc.Libc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Mounts of the calling thread's mount namespace (`man 2 mount`).
public final class Mounts {

    private Mounts() {}

    /// A file system in memory.
    ///
    /// @param options `mode=755`, `size=1048576`
    public static void tmpfs(Path target, String options) {
        int flags = Libc.MS_NOSUID | Libc.MS_NODEV;
        check(Libc.mount("tmpfs", target.toString(), "tmpfs", flags, options), "mount tmpfs on", target.toString());
    }

    /// Takes the uppermost mount away at once, used or not.
    ///
    /// @return false when nothing is mounted there
    public static boolean remove(Path target) {
        int result = Libc.umount2(target.toString(), Libc.MNT_DETACH);
        if (result == -Errno.EINVAL.number() || result == -Errno.ENOENT.number()) {
            return false;
        }
        check(result, "unmount", target.toString());
        return true;
    }

    /// Where something is mounted at or below a folder, the deepest last.
    public static List<Path> below(Path folder) {
        return all().stream()
                .map(Mount::target)
                .filter(target -> target.startsWith(folder))
                .sorted()
                .toList();
    }

    static void bind(BindMount mount) {
        bind(mount, mount.target());
    }

    /// @param target where it really is put, for a target that is meant inside another root
    static void bind(BindMount mount, Path target) {
        String what = "mount " + mount.source() + " on";
        int flags = Libc.MS_BIND | Libc.MS_REC;
        check(Libc.mount(mount.source().toString(), target.toString(), "none", flags), what, target.toString());
        if (mount.readOnly()) {
            makeReadOnly(target);
        }
    }

    static void makeReadOnly(Path target) {
        int flags = Libc.MS_BIND | Libc.MS_REMOUNT | Libc.MS_RDONLY;
        check(Libc.mount("none", target.toString(), "none", flags), "make read-only", target.toString());
    }

    /// One line of mountinfo (`man 5 proc`).
    record Mount(Path target, String type) {}

    static List<Mount> all() {
        try {
            return Files.readAllLines(Path.of("/proc/thread-self/mountinfo")).stream()
                    .map(Mounts::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("read the mounts of this machine", e);
        }
    }

    /// `ID PARENT DEVICE ROOT TARGET OPTIONS [TAGS...] - TYPE SOURCE SUPER`
    private static Mount parse(String line) {
        String[] fields = line.split(" ");
        String type = line.substring(line.indexOf(" - ") + 3).split(" ", 2)[0];
        return new Mount(Path.of(unescape(fields[4])), type);
    }

    private static String unescape(String path) {
        return path.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
