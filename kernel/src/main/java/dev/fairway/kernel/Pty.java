package dev.fairway.kernel;

import static dev.fairway.kernel.KernelException.check;

import dev.fairway.kernel.libc.ProcessCalls;

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

    /// The process' side: `/dev/pts/3`.
    public String path() {
        return path;
    }

    Descriptor master() {
        return master;
    }
}
