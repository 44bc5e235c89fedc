package dev.fairway.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Kernel parameters below `/proc/sys`. Those under `net` belong to the network namespace of the thread that opens
/// the file.
public final class Sysctl {

    private static final Path ROOT = Path.of("/proc/sys");
    private static final int VALUE_BYTES = 4_096;

    private Sysctl() {}

    /// @param name as sysctl writes it: `net.ipv4.ip_forward`; a dot inside a link's name is written as a slash
    /// @throws KernelException ENOENT when this kernel has no such parameter, EINVAL when it refuses the value
    public static void write(NetworkNamespace namespace, String name, String value) {
        Path path = path(name);
        try {
            namespace.run(() -> Files.writeString(path, value));
        } catch (NoSuchFileException e) {
            throw new KernelException("write sysctl", name, Errno.ENOENT);
        } catch (IOException e) {
            throw refused("write sysctl", name + " = " + value, e);
        }
    }

    /// The value without the newline; empty when this kernel has no such parameter.
    public static Optional<String> read(NetworkNamespace namespace, String name) {
        Path path = path(name);
        try {
            return Optional.of(namespace.call(() -> content(path)).strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw refused("read sysctl", name, e);
        }
    }

    /// In one read: the kernel gives numbers to the first one only, however little that asked for.
    private static String content(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] buffer = new byte[VALUE_BYTES];
            int length = in.read(buffer);
            return new String(buffer, 0, Math.max(length, 0), StandardCharsets.UTF_8);
        }
    }

    /// Dots and slashes change places, as in sysctl(8): `net.ipv4.conf.eth0/1.forwarding` is for the link `eth0.1`.
    private static Path path(String name) {
        String path = name.replace('.', '\0').replace('/', '.').replace('\0', '/');
        Path file = ROOT.resolve(path).normalize();
        if (!file.startsWith(ROOT)) {
            throw new IllegalArgumentException("\"" + name + "\" is no sysctl name");
        }
        return file;
    }

    /// Java tells the errno of file operations in words only.
    private static KernelException refused(String operation, String object, IOException e) {
        String reason = String.valueOf(e.getMessage());
        Errno errno = reason.contains("Invalid argument")
                ? Errno.EINVAL
                : reason.contains("Operation not permitted") ? Errno.EPERM : Errno.EACCES;
        return new KernelException(operation, object, errno, reason);
    }
}
