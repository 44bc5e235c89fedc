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

/// The calls of the C library that Fairway needs, one method each, named as in the manual (section 2).
/// Every method returns the call's result, or the negated errno: `-2` is ENOENT.
///
/// `setns` and `unshare` change the calling thread for good, so call them on throwaway platform threads only.
public final class Libc {

    public static final int CLONE_FS = 0x200;
    public static final int CLONE_NEWNS = 0x20000;
    public static final int CLONE_NEWUTS = 0x4000000;
    public static final int CLONE_NEWPID = 0x20000000;
    public static final int CLONE_NEWNET = 0x40000000;
    public static final int CLONE_NEWIPC = 0x8000000;

    public static final int MS_NOSUID = 2;
    public static final int MS_NODEV = 4;
    public static final int MS_NOEXEC = 8;
    public static final int MS_RDONLY = 1;
    public static final int MS_REMOUNT = 32;
    public static final int MS_BIND = 4096;
    public static final int MS_REC = 16384;
    public static final int MS_PRIVATE = 1 << 18;
    public static final int MS_SLAVE = 1 << 19;
    public static final int MS_SHARED = 1 << 20;
    public static final int MNT_DETACH = 2;

    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_NOCTTY = 0x100;
    public static final int O_APPEND = 0x400;
    public static final int O_CLOEXEC = 0x80000;

    public static final int LOCK_EX = 2;

    public static final int FALLOC_FL_KEEP_SIZE = 1;
    public static final int FALLOC_FL_PUNCH_HOLE = 2;

    private static final short POLLIN = 1;

    private static final MethodHandle CLOSE = link("close", INT, INT);
    private static final MethodHandle OPEN = linkVariadic("open", 2, INT, POINTER, INT, INT);
    private static final MethodHandle FLOCK = link("flock", INT, INT, INT);
    private static final MethodHandle READ = link("read", LONG, INT, POINTER, LONG);
    private static final MethodHandle WRITE = link("write", LONG, INT, POINTER, LONG);
    private static final MethodHandle POLL = link("poll", INT, POINTER, LONG, INT);
    private static final MethodHandle SETNS = link("setns", INT, INT, INT);
    private static final MethodHandle UNSHARE = link("unshare", INT, INT);
    private static final MethodHandle MOUNT = link("mount", INT, POINTER, POINTER, POINTER, LONG, POINTER);
    private static final MethodHandle UMOUNT2 = link("umount2", INT, POINTER, INT);
    private static final MethodHandle FALLOCATE = link("fallocate", INT, INT, INT, LONG, LONG);
    private static final MethodHandle MKFIFO = link("mkfifo", INT, POINTER, INT);
    private static final MethodHandle SETHOSTNAME = link("sethostname", INT, POINTER, LONG);
    private static final MethodHandle SOCKET = link("socket", INT, INT, INT, INT);
    private static final MethodHandle BIND = link("bind", INT, INT, POINTER, INT);
    private static final MethodHandle GETSOCKNAME = link("getsockname", INT, INT, POINTER, POINTER);
    private static final MethodHandle SETSOCKOPT = link("setsockopt", INT, INT, INT, INT, POINTER, INT);
    private static final MethodHandle SEND = link("send", LONG, INT, POINTER, LONG, INT);
    private static final MethodHandle RECV = link("recv", LONG, INT, POINTER, LONG, INT);

    private Libc() {}

    public static int close(int fd) {
        MemorySegment errno = captured();
        try {
            return (int) negatedErrno((int) CLOSE.invokeExact(errno, fd), errno);
        } catch (Throwable e) {
            throw wrongSignature("close", e);
        }
    }

    public static int open(String path, int flags, int mode) {
        MemorySegment errno = captured();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            return (int) negatedErrno((int) OPEN.invokeExact(errno, name, flags, mode), errno);
        } catch (Throwable e) {
            throw wrongSignature("open", e);
        }
    }

    public static int flock(int fd, int operation) {
        MemorySegment errno = captured();
        try {
            return (int) negatedErrno((int) FLOCK.invokeExact(errno, fd, operation), errno);
        } catch (Throwable e) {
            throw wrongSignature("flock", e);
        }
    }

    public static long read(int fd, MemorySegment buffer) {
        MemorySegment errno = captured();
        try {
            return negatedErrno((long) READ.invokeExact(errno, fd, buffer, buffer.byteSize()), errno);
        } catch (Throwable e) {
            throw wrongSignature("read", e);
        }
    }

    public static long write(int fd, MemorySegment bytes) {
        MemorySegment errno = captured();
        try {
            return negatedErrno((long) WRITE.invokeExact(errno, fd, bytes, bytes.byteSize()), errno);
        } catch (Throwable e) {
            throw wrongSignature("write", e);
        }
    }

    /// Waits until one descriptor is readable or closed: 1, or 0 after `timeoutMillis` (-1 waits for ever).
    public static int pollReadable(int fd, int timeoutMillis) {
        MemorySegment errno = captured();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment descriptor = arena.allocate(8, 4); // struct pollfd: int fd; short events; short revents
            descriptor.set(INT, 0, fd);
            descriptor.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
            return (int) negatedErrno((int) POLL.invokeExact(errno, descriptor, 1L, timeoutMillis), errno);
        } catch (Throwable e) {
            throw wrongSignature("poll", e);
        }
    }

    public static int setns(int fd, int type) {
        MemorySegment errno = captured();
        try {
            return (int) negatedErrno((int) SETNS.invokeExact(errno, fd, type), errno);
        } catch (Throwable e) {
            throw wrongSignature("setns", e);
        }
    }

    public static int unshare(int flags) {
        MemorySegment errno = captured();
        try {
            return (int) negatedErrno((int) UNSHARE.invokeExact(errno, flags), errno);
        } catch (Throwable e) {
            throw wrongSignature("unshare", e);
        }
    }

    /// `type` is a file system name, or `none` for bind mounts and changes of propagation.
    public static int mount(String source, String target, String type, long flags) {
        return mount(source, target, type, flags, "");
    }

    /// @param options what the file system itself is told: `size=64m`
    public static int mount(String source, String target, String type, long flags, String options) {
        MemorySegment errno = captured();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = arena.allocateFrom(source);
            MemorySegment to = arena.allocateFrom(target);
            MemorySegment kind = arena.allocateFrom(type);
            MemorySegment told = options.isEmpty() ? MemorySegment.NULL : arena.allocateFrom(options);
            return (int) negatedErrno((int) MOUNT.invokeExact(errno, from, to, kind, flags, told), errno);
        } catch (Throwable e) {
            throw wrongSignature("mount", e);
        }
    }

    public static int umount2(String target, int flags) {
        MemorySegment errno = captured();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(target);
            return (int) negatedErrno((int) UMOUNT2.invokeExact(errno, path, flags), errno);
        } catch (Throwable e) {
            throw wrongSignature("umount2", e);
        }
    }

    /// Changes the room that a part of a file takes; `mode` says how.
    public static int fallocate(int fd, int mode, long offset, long length) {
        MemorySegment errno = captured();
        try {
            return (int) negatedErrno((int) FALLOCATE.invokeExact(errno, fd, mode, offset, length), errno);
        } catch (Throwable e) {
            throw wrongSignature("fallocate", e);
        }
    }

    public static int mkfifo(String path, int mode) {
        MemorySegment errno = captured();
        try (Arena arena = Arena.ofConfined()) {
            return (int) negatedErrno((int) MKFIFO.invokeExact(errno, arena.allocateFrom(path), mode), errno);
        } catch (Throwable e) {
            throw wrongSignature("mkfifo", e);
        }
    }

    public static int sethostname(String name) {
        MemorySegment errno = captured();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            return (int) negatedErrno((int) SETHOSTNAME.invokeExact(errno, text, text.byteSize() - 1), errno);
        } catch (Throwable e) {
            throw wrongSignature("sethostname", e);
        }
    }

    public static int socket(int domain, int type, int protocol) {
        MemorySegment errno = captured();
        try {
            return (int) negatedErrno((int) SOCKET.invokeExact(errno, domain, type, protocol), errno);
        } catch (Throwable e) {
            throw wrongSignature("socket", e);
        }
    }

    public static int bind(int fd, MemorySegment address) {
        MemorySegment errno = captured();
        int length = (int) address.byteSize();
        try {
            return (int) negatedErrno((int) BIND.invokeExact(errno, fd, address, length), errno);
        } catch (Throwable e) {
            throw wrongSignature("bind", e);
        }
    }

    /// Fills `address` with the socket's own address.
    public static int getsockname(int fd, MemorySegment address) {
        MemorySegment errno = captured();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocateFrom(INT, (int) address.byteSize());
            return (int) negatedErrno((int) GETSOCKNAME.invokeExact(errno, fd, address, length), errno);
        } catch (Throwable e) {
            throw wrongSignature("getsockname", e);
        }
    }

    public static int setsockopt(int fd, int level, int option, MemorySegment value) {
        MemorySegment errno = captured();
        int length = (int) value.byteSize();
        try {
            return (int) negatedErrno((int) SETSOCKOPT.invokeExact(errno, fd, level, option, value, length), errno);
        } catch (Throwable e) {
            throw wrongSignature("setsockopt", e);
        }
    }

    public static int setsockopt(int fd, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            return setsockopt(fd, level, option, arena.allocateFrom(INT, value));
        }
    }

    public static long send(int fd, MemorySegment bytes, int flags) {
        MemorySegment errno = captured();
        try {
            return negatedErrno((long) SEND.invokeExact(errno, fd, bytes, bytes.byteSize(), flags), errno);
        } catch (Throwable e) {
            throw wrongSignature("send", e);
        }
    }

    public static long recv(int fd, MemorySegment buffer, int flags) {
        MemorySegment errno = captured();
        try {
            return negatedErrno((long) RECV.invokeExact(errno, fd, buffer, buffer.byteSize(), flags), errno);
        } catch (Throwable e) {
            throw wrongSignature("recv", e);
        }
    }
}
