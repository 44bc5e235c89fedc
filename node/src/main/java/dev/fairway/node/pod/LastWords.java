package dev.fairway.node.pod;

import dev.fairway.node.pod.ContainerStarter.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/// The message that a container leaves when it ends: what it wrote to its `terminationMessagePath`, or, if it failed
/// and is told so, the end of its log. The limits are the kubelet's.
final class LastWords {

    private static final int MESSAGE_BYTES_MAX = 4096;
    private static final int LOG_BYTES_MAX = 2048;
    private static final int LOG_LINES_MAX = 80;

    private LastWords() {}

    static String of(Run run, int exitCode) {
        byte[] written = end(run.terminationMessage(), Long.MAX_VALUE);
        if (written.length > 0) {
            return text(Arrays.copyOf(written, Math.min(written.length, MESSAGE_BYTES_MAX)));
        }
        if (exitCode == 0 || !run.container().lastWordsFromLog()) {
            return "";
        }
        String log = text(end(run.log(), LOG_BYTES_MAX));
        String[] lines = log.split("(?<=\n)");
        return String.join("", Arrays.copyOfRange(lines, Math.max(0, lines.length - LOG_LINES_MAX), lines.length));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// The last `limit` bytes of a file; at most a page of one that was read from its start.
    private static byte[] end(Path file, long limit) {
        try (FileChannel channel = FileChannel.open(file)) {
            long start = Math.max(0, channel.size() - limit);
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size() - start, MESSAGE_BYTES_MAX));
            channel.read(bytes, start);
            return Arrays.copyOf(bytes.array(), bytes.position());
        } catch (NoSuchFileException nothingSaid) {
            return new byte[0];
        } catch (IOException e) {
            throw new UncheckedIOException("read " + file, e);
        }
    }
}
