package dev.fairway.kernel;

import static dev.fairway.kernel.KernelException.check;

import dev.fairway.kernel.libc.Libc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A root file system for one container: what `lower` holds, with a layer in memory over it that takes all changes and
/// goes with the container. So a container may write anywhere, places for mounts are made where none are, and `lower`
/// stays as it is, also when that is the machine's own root.
///
/// ```
/// folder/         a tmpfs that only this mount namespace has
/// folder/root     overlay of lower; /proc, /sys, /dev and, over the machine's files, /run are the container's own
/// ```
///
/// @param folder where it is put together; made when absent, shows nothing outside the namespace
/// @param lower `/` for the machine's files, else the folder of an unpacked image
/// @param mounts what shows at places in it, in any order
/// @param readOnly everything but the mounts is read-only
/// @param hostDevices the machine's whole /dev and /sys instead of the few harmless devices
/// @param hidden mounts of the machine at or below these are not shown
public record ContainerRoot(
        Path folder, Path lower, List<BindMount> mounts, boolean readOnly, boolean hostDevices, List<Path> hidden) {

    private static final Path MACHINE = Path.of("/");
    private static final List<Path> OWN = List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"), Path.of("/run"));
    private static final Set<String> NO_FILES = Set.of("overlay", "nsfs", "autofs", "fuse.lxcfs", "proc", "sysfs");
    private static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom", "tty", "ptmx");

    public ContainerRoot {
        mounts = mounts.stream()
                .sorted(Comparator.comparingInt(
                        mount -> mount.target().normalize().getNameCount()))
                .toList();
        hidden = List.copyOf(hidden);
    }

    /// The root itself, as the machine's root names it.
    public Path path() {
        return folder.resolve("root");
    }

    /// Mounts all in the calling thread's mount namespace.
    ///
    /// @param ownProc whether somebody else mounts /proc, for a new pid namespace
    /// @param workingDirectory made when it is not there
    void make(boolean ownProc, Path workingDirectory) {
        makeFolder(folder);
        Mounts.tmpfs(folder, "mode=755");
        makeFolder(path());
        overlay(lower, path());
        if (lower.equals(MACHINE)) {
            showOtherFileSystems();
            Mounts.tmpfs(makeFolder(inside("/run")), "mode=755");
            makeFolder(inside("/run/lock"));
        }
        kernelFiles(ownProc);
        devices();
        mounts.forEach(this::show);
        makeFolder(RootPath.resolve(path(), workingDirectory));
        if (readOnly) {
            Mounts.makeReadOnly(path());
        }
    }

    private void overlay(Path below, Path target) {
        Path layer = folder.resolve("layer-" + Mounts.below(folder).size());
        Path upper = makeFolder(layer.resolve("upper"));
        Path work = makeFolder(layer.resolve("work"));
        String options = "lowerdir=%s,upperdir=%s,workdir=%s".formatted(escaped(below), upper, work);
        check(
                Libc.mount("overlay", target.toString(), "overlay", 0, options),
                "show " + below + " on",
                target.toString());
    }

    private static String escaped(Path path) {
        return path.toString().replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,");
    }

    /// An overlay shows one file system. The machine's others come over it, each with its layer; one that cannot be
    /// below an overlay is shown read-only.
    private void showOtherFileSystems() {
        Set<Path> seen = new HashSet<>();
        for (Mounts.Mount mount : Mounts.all()) {
            Path target = mount.target();
            boolean own = target.equals(MACHINE)
                    || OWN.stream().anyMatch(target::startsWith)
                    || hidden.stream().anyMatch(target::startsWith)
                    || target.startsWith(folder);
            if (!own && !NO_FILES.contains(mount.type()) && seen.add(target) && Files.exists(target)) {
                showFileSystem(target);
            }
        }
    }

    private void showFileSystem(Path target) {
        Path place = RootPath.resolve(path(), target);
        if (!Files.isDirectory(target)) {
            show(new BindMount(target, target, true));
            return;
        }
        makeFolder(place);
        try {
            overlay(target, place);
        } catch (KernelException e) {
            Mounts.bind(new BindMount(target, target, true), place);
        }
    }

    private void kernelFiles(boolean ownProc) {
        if (!ownProc) {
            show(new BindMount(Path.of("/proc"), Path.of("/proc")));
        } else {
            makeFolder(inside("/proc"));
        }
        int flags = Libc.MS_RDONLY | Libc.MS_NOSUID | Libc.MS_NODEV | Libc.MS_NOEXEC;
        Path sys = makeFolder(inside("/sys"));
        boolean fresh = !hostDevices && Libc.mount("sysfs", sys.toString(), "sysfs", flags) >= 0;
        if (!fresh) { // a sandbox may forbid a new one
            show(new BindMount(Path.of("/sys"), Path.of("/sys"), !hostDevices));
        }
    }

    private void devices() {
        if (hostDevices) {
            show(new BindMount(Path.of("/dev"), Path.of("/dev")));
            return;
        }
        Path dev = makeFolder(inside("/dev"));
        check(Libc.mount("tmpfs", dev.toString(), "tmpfs", Libc.MS_NOSUID, "mode=755"), "mount tmpfs on", "/dev");
        for (String name : DEVICES) {
            show(new BindMount(Path.of("/dev", name), Path.of("/dev", name)));
        }
        show(new BindMount(Path.of("/dev/pts"), Path.of("/dev/pts")));
        Mounts.tmpfs(makeFolder(dev.resolve("shm")), "mode=1777,size=64m");
        try {
            Files.createSymbolicLink(dev.resolve("fd"), Path.of("/proc/self/fd"));
            Files.createSymbolicLink(dev.resolve("stdin"), Path.of("/proc/self/fd/0"));
            Files.createSymbolicLink(dev.resolve("stdout"), Path.of("/proc/self/fd/1"));
            Files.createSymbolicLink(dev.resolve("stderr"), Path.of("/proc/self/fd/2"));
        } catch (IOException e) {
            throw new UncheckedIOException("make the links in " + dev, e);
        }
    }

    /// Binds, and makes the place first if it is not there.
    private void show(BindMount mount) {
        Path place = RootPath.resolve(path(), mount.target());
        if (Files.isDirectory(mount.source())) {
            makeFolder(place);
        } else if (!Files.exists(place)) {
            makeFile(place);
        }
        Mounts.bind(mount, place);
    }

    private Path inside(String absolute) {
        return RootPath.resolve(path(), Path.of(absolute));
    }

    private static Path makeFolder(Path wanted) {
        try {
            return Files.createDirectories(wanted);
        } catch (IOException e) {
            throw new UncheckedIOException("make folder " + wanted, e);
        }
    }

    private static void makeFile(Path wanted) {
        try {
            Files.createDirectories(wanted.resolve("..").normalize());
            Files.createFile(wanted);
        } catch (IOException e) {
            throw new UncheckedIOException("make file " + wanted, e);
        }
    }
}
