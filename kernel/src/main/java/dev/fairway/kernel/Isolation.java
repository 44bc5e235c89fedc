package dev.fairway.kernel;

import static dev.fairway.kernel.KernelException.check;

import dev.fairway.kernel.libc.Libc;
import java.util.List;
import java.util.Optional;

/// What a process has for itself: its network, its own files at some places, its host name, its own process numbers.
///
/// @param hostname the name in a UTS namespace of its own; the host's name and namespace when empty
/// @param ownPids whether it is process 1 of its own pid namespace, which ends with it
public record Isolation(NetworkNamespace network, List<BindMount> mounts, Optional<String> hostname, boolean ownPids) {

    public Isolation {
        mounts = List.copyOf(mounts);
    }

    /// Only the network differs from the host's.
    public static Isolation of(NetworkNamespace network) {
        return new Isolation(network, List.of(), Optional.empty(), false);
    }

    /// Moves the calling thread, for good: children that it makes are isolated. With `ownPids` the thread cannot start
    /// threads any more and its first child is process 1.
    void enter() {
        network.enter();
        int uts = hostname.isPresent() ? Libc.CLONE_NEWUTS : 0;
        int pids = ownPids ? Libc.CLONE_NEWPID : 0;
        check(Libc.unshare(Libc.CLONE_NEWNS | uts | pids), "make namespaces in", network.name());
        // slave: the host's later unmounts (of deleted network namespaces) must arrive here, ours must not leave
        check(Libc.mount("", "/", "none", Libc.MS_REC | Libc.MS_SLAVE), "isolate the mounts of", network.name());
        for (BindMount mount : mounts) {
            check(
                    Libc.mount(mount.source().toString(), mount.target().toString(), "none", Libc.MS_BIND),
                    "mount " + mount.source() + " on",
                    mount.target().toString());
        }
        hostname.ifPresent(name -> check(Libc.sethostname(name), "set host name", name));
    }
}
