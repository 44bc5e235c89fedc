package dev.fairway.kernel;

import dev.fairway.kernel.libc.ProcessCalls;

/// Sends signals (`man 2 kill`). A process that is gone already is no error: that is what most senders want.
public final class Signals {

    private Signals() {}

    /// @return false when there is no such process
    /// @throws KernelException EPERM when the process is not ours to signal
    public static boolean kill(long pid, Signal signal) {
        if (pid <= 1) { // 0 and below are groups, or every process there is; 1 is init
            throw new IllegalArgumentException("refuse to send " + signal + " to process " + pid);
        }
        return send(Math.toIntExact(pid), signal, "process " + pid);
    }

    /// Signals every process of the group.
    ///
    /// @return false when there is no such group
    public static boolean killGroup(long group, Signal signal) {
        if (group <= 1) {
            throw new IllegalArgumentException("refuse to send " + signal + " to process group " + group);
        }
        return send(-Math.toIntExact(group), signal, "process group " + group);
    }

    private static boolean send(int target, Signal signal, String object) {
        int result = ProcessCalls.kill(target, signal.number());
        if (result == -Errno.ESRCH.number()) {
            return false;
        }
        KernelException.check(result, "send " + signal + " to", object);
        return true;
    }
}
