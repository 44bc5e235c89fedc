package dev.fairway.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/// A few bytes beside the database that say which revision was last acknowledged. SQLite takes a write-ahead log that
/// was cut short for one that ended there; the witness knows better.
///
/// It is written after the database's own sync and needs none itself: after a power loss it may be older than the
/// database, never newer.
final class Witness implements AutoCloseable {

    /// `FWAYSEEN` in ASCII.
    private static final long MAGIC = 0x465741595345454EL;

    private static final int BYTES = 3 * Long.BYTES;

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BYTES);

    private Witness(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static Path in(Path folder) {
        return folder.resolve("acknowledged");
    }

    /// The last acknowledged revision; empty when there is no witness.
    ///
    /// @throws StoreException when the file is damaged
    static OptionalLong read(Path folder) {
        Path file = in(folder);
        try {
            if (!Files.exists(file)) {
                return OptionalLong.empty();
            }
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            if (bytes.remaining() == BYTES && bytes.getLong() == MAGIC) {
                long revision = bytes.getLong();
                if (bytes.getLong() == checksum(revision)) {
                    return OptionalLong.of(revision);
                }
            }
        } catch (IOException e) {
            throw new StoreException("reading " + file + " failed: " + e, e);
        }
        throw Damage.found(folder, file + " is no record of the last acknowledged revision");
    }

    static Witness open(Path folder) {
        Path file = in(folder);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            return new Witness(file, channel);
        } catch (IOException e) {
            throw new StoreException("opening " + file + " failed: " + e, e);
        }
    }

    /// The bytes are overwritten in place, so that a full disk is no reason to fail.
    void acknowledge(long revision) {
        buffer.clear();
        buffer.putLong(MAGIC).putLong(revision).putLong(checksum(revision)).flip();
        try {
            channel.write(buffer, 0);
        } catch (IOException e) {
            throw new StoreException("writing " + file + " failed: " + e, e);
        }
    }

    private static long checksum(long revision) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(MAGIC)
                .putLong(revision)
                .flip());
        return crc.getValue();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StoreException("closing " + file + " failed: " + e, e);
        }
    }
}
