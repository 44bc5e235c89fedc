package dev.fairway.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// One change as it lies in the file: a key's value at a revision, or that it was deleted then.
///
/// @param value empty for a deletion
record Row(String key, byte[] value, long createRevision, long revision, boolean deleted) {

    /// Rows of one commit are numbered within it: `revision * PER_COMMIT + number`.
    static final int PER_COMMIT = 1 << 16;

    private static final byte[] NOTHING = new byte[0];

    static Row of(Store.Event event) {
        Store.Entry now = event.now();
        return new Row(
                now.key(),
                event.deleted() ? NOTHING : now.value(),
                now.createRevision(),
                now.revision(),
                event.deleted());
    }

    static Row of(Store.Entry entry) {
        return new Row(entry.key(), entry.value(), entry.createRevision(), entry.revision(), false);
    }

    Store.Entry entry() {
        return new Store.Entry(key, value, createRevision, revision);
    }

    /// CRC-32C (RFC 3720, B.4) over everything that the row says.
    long checksum() {
        CRC32C sum = new CRC32C();
        sum.update(ByteBuffer.allocate(2 * Long.BYTES + 1)
                .putLong(createRevision)
                .putLong(revision)
                .put((byte) (deleted ? 1 : 0))
                .flip());
        sum.update(key.getBytes(StandardCharsets.UTF_8));
        sum.update(0);
        sum.update(value);
        return sum.getValue();
    }
}
