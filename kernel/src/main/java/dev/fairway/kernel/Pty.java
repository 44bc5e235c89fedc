package dev.fairway.kernel;

import static dev.fairway.kernel.KernelException.check;

import dev.fairway.kernel.libc.Libc;
import dev.fairway.kernel.libc.ProcessCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A pseudo-terminal (`man 7 pty`): this side is the master, the process has the other.
public final class Pty {

    private final Descriptor master;
    private final String path;

    private Pty(Descriptor master, String path) {
        this.master = master;
        this.path = path;
    }

    static Pty open(int rows, int columns) {
        int fd = check(ProcessCalls.openTerminal(), "open", "pseudo-terminal");
        Descriptor master = new Descriptor(fd);
        Pty pty = new Pty(master, ProcessCalls.terminalPath(fd));
        try {
            pty.resize(rows, columns);
        } catch (KernelException e) {
            master.close();
            throw e;
        }
        return pty;
    }

    /// Changes the size in characters; the foreground process gets SIGWINCH. Without effect once the process is gone.
    public void resize(int rows, int columns) {
        long result = master.use(fd -> ProcessCalls.setTerminalSize(fd, rows, columns));
        if (!master.isClosing()) {
            check(result, "resize", path);
        }
    }

    /// Changes the size of the terminal that the only child of an attachable process' `script` has; without effect
    /// when there is none (any more).
    public static void resize(ProcessIdentity process, int rows, int columns) {
        Optional<Path> terminal = children(process.pid()).stream()
                .flatMap(script -> children(script).stream())
                .map(child -> Path.of("/proc", String.valueOf(child), "fd", "0"))
                .filter(Files::isSymbolicLink)
                .findFirst();
        if (terminal.isEmpty()) {
            return;
        }
        int fd = Libc.open(terminal.get().toString(), Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC, 0);
        if (fd >= 0) {
            ProcessCalls.setTerminalSize(fd, rows, columns);
            Libc.close(fd);
        }
    }

    private static List<Long> children(long pid) {
        String number = String.valueOf(pid);
        try {
            String text = Files.readString(Path.of("/proc", number, "task", number, "children"));
            return Arrays.stream(text.strip().split(" "))
                    .filter(word -> !word.isEmpty())
                    .map(Long::parseLong)
                    .toList();
        } catch (IOException e) {
            return List.of(); // the process is gone
        }
    }

    /// The process' side: `/dev/pts/3`.
    public String path() {
        return path;
    }

    Descriptor master() {
        return master;
    }
}
