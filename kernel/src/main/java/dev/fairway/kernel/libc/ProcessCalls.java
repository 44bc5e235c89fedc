package dev.fairway.kernel.libc;

import static dev.fairway.kernel.libc.Ffi.INT;
import static dev.fairway.kernel.libc.Ffi.LONG;
import static dev.fairway.kernel.libc.Ffi.POINTER;
import static dev.fairway.kernel.libc.Ffi.captured;
import static dev.fairway.kernel.libc.Ffi.link;
import static dev.fairway.kernel.libc.Ffi.linkVariadic;
import static dev.fairway.kernel.libc.Ffi.negatedErrno;
import static dev.fairway.kernel.libc.Ffi.wrongSignature;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Calls about processes, pipes and terminals, in the manner of `Libc`: the result, or the negated errno.
public final class ProcessCalls {

    public static final int WNOHANG = 1;

    private static final long SYS_PIDFD_OPEN = 434; // the same on amd64 and arm64
    private static final long TIOCSWINSZ = 0x5414;

    private static final MethodHandle KILL = link("kill", INT, INT, INT);
    private static final MethodHandle SETSID = link("setsid", INT);
    private static final MethodHandle WAITPID = link("waitpid", INT, INT, POINTER, INT);
    private static final MethodHandle SYSCALL = linkVariadic("syscall", 1, LONG, LONG, LONG, LONG);
    private static final MethodHandle PIPE2 = link("pipe2", INT, POINTER, INT);
    private static final MethodHandle POSIX_OPENPT = link("posix_openpt", INT, INT);
    private static final MethodHandle GRANTPT = link("grantpt", INT, INT);
    private static final MethodHandle UNLOCKPT = link("unlockpt", INT, INT);
    private static final MethodHandle PTSNAME = link("ptsname_r", INT, INT, POINTER, LONG);
    private static final MethodHandle IOCTL = linkVariadic("ioctl", 2, INT, INT, LONG, POINTER);

    private ProcessCalls() {}

    /// @param pid a process, or the negated number of a process group
    public static int kill(int pid, int signal) {
        MemorySegment errno = captured();
        try {
            return (int) negatedErrno((int) KILL.invokeExact(errno, pid, signal), errno);
        } catch (Throwable e) {
            throw wrongSignature("kill", e);
        }
    }

    public static int setsid() {
        MemorySegment errno = captured();
        try {
            return (int) negatedErrno((int) SETSID.invokeExact(errno), errno);
        } catch (Throwable e) {
            throw wrongSignature("setsid", e);
        }
    }

    /// Reaps a child.
    ///
    /// @param status one int that gets the wait status
    /// @return the pid, or 0 with WNOHANG when the child still runs
    public static int waitpid(int pid, MemorySegment status, int options) {
        MemorySegment errno = captured();
        try {
            return (int) negatedErrno((int) WAITPID.invokeExact(errno, pid, status, options), errno);
        } catch (Throwable e) {
            throw wrongSignature("waitpid", e);
        }
    }

    /// A descriptor for the process; readable once it has ended.
    public static int pidfdOpen(int pid) {
        MemorySegment errno = captured();
        long number = pid;
        try {
            return (int) negatedErrno((long) SYSCALL.invokeExact(errno, SYS_PIDFD_OPEN, number, 0L), errno);
        } catch (Throwable e) {
            throw wrongSignature("syscall", e);
        }
    }

    /// @param ends two ints that get the descriptors of the reading and the writing end, closed on exec
    public static int pipe(MemorySegment ends) {
        MemorySegment errno = captured();
        try {
            return (int) negatedErrno((int) PIPE2.invokeExact(errno, ends, Libc.O_CLOEXEC), errno);
        } catch (Throwable e) {
            throw wrongSignature("pipe2", e);
        }
    }

    /// A new pseudo-terminal: the descriptor of its master side, unlocked.
    public static int openTerminal() {
        MemorySegment errno = captured();
        try {
            int flags = Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC;
            int master = (int) negatedErrno((int) POSIX_OPENPT.invokeExact(errno, flags), errno);
            if (master < 0) {
                return master;
            }
            int granted = (int) negatedErrno((int) GRANTPT.invokeExact(errno, master), errno);
            int unlocked = granted < 0 ? granted : (int) negatedErrno((int) UNLOCKPT.invokeExact(errno, master), errno);
            if (unlocked < 0) {
                Libc.close(master);
                return unlocked;
            }
            return master;
        } catch (Throwable e) {
            throw wrongSignature("posix_openpt", e);
        }
    }

    /// The path of the terminal's slave side, `/dev/pts/3`; empty when the descriptor is no master.
    public static String terminalPath(int master) {
        MemorySegment errno = captured();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(128);
            int error = (int) PTSNAME.invokeExact(errno, master, name, name.byteSize());
            return error == 0 ? name.getString(0) : "";
        } catch (Throwable e) {
            throw wrongSignature("ptsname_r", e);
        }
    }

    public static int setTerminalSize(int master, int rows, int columns) {
        MemorySegment errno = captured();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(8, 2); // struct winsize: rows, columns, two unused
            size.set(ValueLayout.JAVA_SHORT, 0, (short) rows);
            size.set(ValueLayout.JAVA_SHORT, 2, (short) columns);
            return (int) negatedErrno((int) IOCTL.invokeExact(errno, master, TIOCSWINSZ, size), errno);
        } catch (Throwable e) {
            throw wrongSignature("ioctl", e);
        }
    }
}
