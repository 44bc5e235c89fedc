package dev.fairway.kernel;

import dev.fairway.kernel.libc.Libc;
import java.util.Optional;

/// Whether this process may do what the kernel room does, asked by trying it.
public final class Capability {

    private Capability() {}

    /// Empty when network namespaces can be made; else a sentence that says what is missing and what to do.
    public static Optional<String> missingForNamespaces() {
        int result = PlatformThread.call("capability", () -> Libc.unshare(Libc.CLONE_NEWNET | Libc.CLONE_NEWNS));
        if (result >= 0) {
            return Optional.empty();
        }
        Errno errno = new Errno(-result);
        String advice = errno.equals(Errno.EPERM)
                ? "run as root (sudo), or in a container with --privileged"
                : "this kernel must be built with network namespaces (CONFIG_NET_NS), and /proc/sys/user/"
                        + "max_net_namespaces must not be 0";
        return Optional.of("cannot make network namespaces: unshare(CLONE_NEWNET): " + errno + "; " + advice);
    }
}
