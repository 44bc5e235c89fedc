package dev.fairway.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// What must be in the file besides single sound rows: how many there are, and the sum of their checksums. A row that
/// vanished, or came back, is found by it.
///
/// @param newest the revision of the newest commit
/// @param compacted the oldest revision whose state can still be rebuilt
/// @param rows number of rows
/// @param sum sum of the rows' checksums, modulo 2^64
record Tally(long newest, long compacted, long rows, long sum) {

    Tally plus(Row row) {
        return new Tally(newest, compacted, rows + 1, sum + row.checksum());
    }

    Tally minus(Row row) {
        return new Tally(newest, compacted, rows - 1, sum - row.checksum());
    }

    Tally at(long newestRevision) {
        return new Tally(newestRevision, compacted, rows, sum);
    }

    Tally compactedAt(long revision) {
        return new Tally(newest, revision, rows, sum);
    }

    long checksum() {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(4 * Long.BYTES)
                .putLong(newest)
                .putLong(compacted)
                .putLong(rows)
                .putLong(sum)
                .flip());
        return crc.getValue();
    }
}
