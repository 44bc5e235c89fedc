package dev.fairway.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/// Follows paths inside a folder as if it were the root: symbolic links, absolute ones too, stay within.
final class RootPath {

    private static final int LINKS_MAX = 40;

    private RootPath() {}

    /// Where `path` really lies below `root`; what does not exist is taken as it is written.
    ///
    /// @throws KernelException ELOOP when links go in circles
    static Path resolve(Path root, Path path) {
        Deque<Path> left = new ArrayDeque<>();
        path.forEach(left::addLast);
        Path here = root;
        int links = 0;
        while (!left.isEmpty()) {
            String step = left.removeFirst().toString();
            if (step.equals("..")) {
                here = here.equals(root) ? root : here.resolve("..").normalize();
                continue;
            }
            Path next = step.isEmpty() || step.equals(".") ? here : here.resolve(step);
            if (!Files.isSymbolicLink(next)) {
                here = next;
                continue;
            }
            if (++links > LINKS_MAX) {
                throw new KernelException("follow", path.toString(), Errno.ELOOP, "too many symbolic links");
            }
            Path target = read(next);
            for (int i = target.getNameCount() - 1; i >= 0; i--) {
                left.addFirst(target.getName(i));
            }
            here = target.isAbsolute() ? root : here;
        }
        return here;
    }

    private static Path read(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            throw new UncheckedIOException("read link " + link, e);
        }
    }
}
