package dev.fairway.kernel;

import static dev.fairway.kernel.KernelException.check;

import dev.fairway.kernel.libc.Libc;
import java.nio.file.Path;

/// Files whose older part takes no room any more, while others go on appending: positions stay what they are.
public final class SparseFile {

    private SparseFile() {}

    /// Gives back the room of the first `length` bytes, which read as zeros from now on.
    ///
    /// @throws KernelException EOPNOTSUPP on file systems without holes
    public static void forget(Path file, long length) {
        int fd = check(Libc.open(file.toString(), Libc.O_RDWR | Libc.O_CLOEXEC, 0), "open", file.toString());
        try {
            int mode = Libc.FALLOC_FL_PUNCH_HOLE | Libc.FALLOC_FL_KEEP_SIZE;
            check(Libc.fallocate(fd, mode, 0, length), "give back room of", file.toString());
        } finally {
            Libc.close(fd);
        }
    }
}
