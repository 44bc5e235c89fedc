package dev.fairway.kernel;

import dev.fairway.kernel.libc.ProcessCalls;

/// What a process does to become a daemon.
public final class Daemon {

    private Daemon() {}

    /// Leaves the session of the terminal from which this process was started, so that closing the terminal does not
    /// end it. Without effect when it leads a session or process group already.
    public static void leaveSession() {
        int result = ProcessCalls.setsid();
        if (result != -Errno.EPERM.number()) {
            KernelException.check(result, "leave", "session");
        }
    }
}
