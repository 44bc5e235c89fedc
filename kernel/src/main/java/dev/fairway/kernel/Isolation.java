package dev.fairway.kernel;

import static dev.fairway.kernel.KernelException.check;

import dev.fairway.kernel.libc.Libc;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a process has for itself: its network, its own files at some places, its host name, its own process numbers.
///
/// @param mounts shown on the machine's own files; for a process with a `root` they are among that root's
/// @param hostname the name in a UTS namespace of its own; the host's name and namespace when empty
/// @param ownPids whether it is process 1 of its own pid namespace, which ends with it
/// @param ownIpc whether System V and POSIX message queues are its own
/// @param root its own root file system; the machine's when empty
public record Isolation(
        NetworkNamespace network,
        List<BindMount> mounts,
        Optional<String> hostname,
        boolean ownPids,
        boolean ownIpc,
        Optional<ContainerRoot> root) {

    public Isolation {
        mounts = List.copyOf(mounts);
    }

    public Isolation(NetworkNamespace network, List<BindMount> mounts, Optional<String> hostname, boolean ownPids) {
        this(network, mounts, hostname, ownPids, false, Optional.empty());
    }

    /// Only the network differs from the host's.
    public static Isolation of(NetworkNamespace network) {
        return new Isolation(network, List.of(), Optional.empty(), false);
    }

    /// Moves the calling thread, for good: children that it makes are isolated. With `ownPids` the thread cannot start
    /// threads any more and its first child is process 1. The thread keeps the machine's root: a child is started
    /// through `RootedCommand`.
    ///
    /// @param workingDirectory made in a root of its own when it is not there
    void enter(Path workingDirectory) {
        network.enter();
        int uts = hostname.isPresent() ? Libc.CLONE_NEWUTS : 0;
        int pids = ownPids ? Libc.CLONE_NEWPID : 0;
        int ipc = ownIpc ? Libc.CLONE_NEWIPC : 0;
        check(Libc.unshare(Libc.CLONE_NEWNS | uts | pids | ipc), "make namespaces in", network.name());
        // slave: the host's later unmounts (of deleted network namespaces) must arrive here, ours must not leave
        check(Libc.mount("", "/", "none", Libc.MS_REC | Libc.MS_SLAVE), "isolate the mounts of", network.name());
        mounts.forEach(Mounts::bind);
        root.ifPresent(own -> own.make(ownPids, workingDirectory));
        hostname.ifPresent(name -> check(Libc.sethostname(name), "set host name", name));
    }
}
