package dev.fairway.kernel;

import dev.fairway.address.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// A socket that waits for clients: TCP that listens, UDP without a peer (proc(5), `/proc/net/tcp`).
///
/// @param address where it waits; the unspecified one for everywhere
/// @param inode the kernel's number of the socket
public record ListeningSocket(Transport transport, IpAddress address, int port, long inode) {

    private static final Path PROC = Path.of("/proc");
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};
    private static final String LISTENS = "0A";
    private static final int LOCAL = 1;
    private static final int PEER = 2;
    private static final int STATE = 3;
    private static final int INODE = 9;

    /// What the socket speaks.
    public enum Transport {
        TCP,
        UDP
    }

    /// All of them in the namespace.
    public static List<ListeningSocket> in(NetworkNamespace namespace) {
        List<ListeningSocket> found = new ArrayList<>();
        for (Transport transport : Transport.values()) {
            String name = transport == Transport.TCP ? "tcp" : "udp";
            found.addAll(parse(transport, read(namespace, name)));
            found.addAll(parse(transport, read(namespace, name + "6")));
        }
        return found;
    }

    private static List<String> read(NetworkNamespace namespace, String table) {
        Path file = PROC.resolve("thread-self/net").resolve(table);
        try {
            return namespace.call(() -> Files.exists(file) ? Files.readAllLines(file) : List.of());
        } catch (IOException e) {
            throw new UncheckedIOException("read sockets of namespace " + namespace.name(), e);
        }
    }

    static List<ListeningSocket> parse(Transport transport, List<String> table) {
        return table.stream()
                .skip(1)
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length > INODE && waits(transport, words))
                .map(words -> of(transport, words))
                .toList();
    }

    private static boolean waits(Transport transport, String[] words) {
        return switch (transport) {
            case TCP -> words[STATE].equals(LISTENS);
            case UDP -> words[PEER].endsWith(":0000");
        };
    }

    private static ListeningSocket of(Transport transport, String[] words) {
        int colon = words[LOCAL].indexOf(':');
        return new ListeningSocket(
                transport,
                address(words[LOCAL].substring(0, colon)),
                Integer.parseInt(words[LOCAL].substring(colon + 1), 16),
                Long.parseLong(words[INODE]));
    }

    /// The kernel prints the bytes of the address as numbers of its own byte order.
    private static IpAddress address(String hex) {
        ByteBuffer bytes = ByteBuffer.allocate(hex.length() / 2).order(ByteOrder.nativeOrder());
        for (int at = 0; at < hex.length(); at += 8) {
            bytes.putInt(Integer.parseUnsignedInt(hex.substring(at, at + 8), 16));
        }
        byte[] address = bytes.array();
        return IpAddress.of(isMapped(address) ? Arrays.copyOfRange(address, 12, 16) : address);
    }

    /// An IPv6 socket that waits at an IPv4 address: `::ffff:127.0.0.1` (RFC 4291, 2.5.5.2).
    private static boolean isMapped(byte[] address) {
        return address.length == 16 && Arrays.equals(address, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
    }

    /// Who has it open, for people: `nginx (process 4711)`; empty when the process is gone or hidden.
    public Optional<String> process() {
        return owner().map(path -> name(path) + " (process " + path.getFileName() + ")");
    }

    /// The number of that process.
    public OptionalLong processId() {
        return owner().map(path ->
                        OptionalLong.of(Long.parseLong(path.getFileName().toString())))
                .orElse(OptionalLong.empty());
    }

    private Optional<Path> owner() {
        String link = "socket:[" + inode + "]";
        try (Stream<Path> processes = Files.list(PROC)) {
            return processes
                    .filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .filter(path -> hasOpen(path, link))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean hasOpen(Path process, String link) {
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            return descriptors.anyMatch(descriptor -> {
                try {
                    return Files.readSymbolicLink(descriptor).toString().equals(link);
                } catch (IOException closedMeanwhile) {
                    return false;
                }
            });
        } catch (IOException gone) {
            return false;
        }
    }

    private static String name(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException gone) {
            return "a program";
        }
    }
}
