package dev.fairway.kernel;

import dev.fairway.kernel.libc.Libc;
import dev.fairway.kernel.libc.ProcessCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/// Waits for the end of processes, each on a small platform thread, and finds their exit codes. A process that a
/// signal ended has 128 plus the signal's number, as in a shell.
final class ProcessEnd {

    static final int KILLED = 137;

    private static final long STACK_BYTES = 256 << 10;

    private ProcessEnd() {}

    /// The end of a child of this process, which is reaped.
    ///
    /// @param exitFile where the shim writes the code; what it wrote counts more than the shim's own end
    static CompletableFuture<Integer> ofChild(ProcessIdentity child, Optional<Path> exitFile) {
        return onThread(child, () -> {
            awaitEnd(child);
            int code = reap(child.pid());
            return exitFile.map(ProcessEnd::read).orElse(OptionalInt.empty()).orElse(code);
        });
    }

    /// The end of a process of an earlier JVM. Without an exit file its shim was killed too.
    static CompletableFuture<Integer> ofAdopted(ProcessIdentity process, Path exitFile) {
        return onThread(process, () -> {
            awaitEnd(process);
            return read(exitFile).orElse(KILLED);
        });
    }

    private interface Wait {
        int end();
    }

    private static CompletableFuture<Integer> onThread(ProcessIdentity process, Wait wait) {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Thread.ofPlatform()
                .name("exit-" + process.pid())
                .daemon()
                .stackSize(STACK_BYTES)
                .start(() -> {
                    try {
                        code.complete(wait.end());
                    } catch (RuntimeException e) {
                        code.completeExceptionally(e);
                    }
                });
        return code;
    }

    private static void awaitEnd(ProcessIdentity process) {
        int pidfd = ProcessCalls.pidfdOpen((int) process.pid());
        if (pidfd == -Errno.ESRCH.number()) {
            return;
        }
        KernelException.check(pidfd, "watch process", String.valueOf(process.pid()));
        try {
            // the descriptor is for whoever has the pid now
            while (process.isAlive()) {
                Libc.pollReadable(pidfd, -1);
            }
        } finally {
            Libc.close(pidfd);
        }
    }

    private static int reap(long pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
            int result;
            do {
                result = ProcessCalls.waitpid((int) pid, status, 0);
            } while (result == -Errno.EINTR.number());
            KernelException.check(result, "reap process", String.valueOf(pid));
            int bits = status.get(ValueLayout.JAVA_INT, 0);
            int signal = bits & 0x7f;
            return signal == 0 ? bits >> 8 & 0xff : 128 + signal;
        }
    }

    private static OptionalInt read(Path exitFile) {
        try {
            return OptionalInt.of(Integer.parseInt(Files.readString(exitFile).strip()));
        } catch (IOException | NumberFormatException e) {
            return OptionalInt.empty(); // never written, or its folder was removed: the caller knows the fall-back
        }
    }
}
