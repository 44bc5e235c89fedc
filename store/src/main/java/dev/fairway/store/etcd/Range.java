package dev.fairway.store.etcd;

import java.util.ArrayList;
import java.util.List;

/// Keys of one revision (etcdserverpb.RangeResponse).
///
/// @param revision etcd's own, at the time of the answer
/// @param more whether further keys follow
public record Range(long revision, List<KeyValue> keys, boolean more) {

    public Range {
        keys = List.copyOf(keys);
    }

    /// @param end the first key after the range; empty for the one key
    /// @param limit 0 for all
    /// @param revision 0 for the newest
    static Message request(String key, String end, int limit, long revision) {
        return new Message().text(1, key).text(2, end).number(3, limit).number(4, revision);
    }

    static Range read(Fields fields) {
        long revision = 0;
        boolean more = false;
        List<KeyValue> keys = new ArrayList<>();
        while (fields.next()) {
            switch (fields.field()) {
                case 1 -> revision = headerRevision(fields.message());
                case 2 -> keys.add(KeyValue.read(fields.message()));
                case 3 -> more = fields.flag();
                default -> {}
            }
        }
        return new Range(revision, keys, more);
    }

    static long headerRevision(Fields fields) {
        long revision = 0;
        while (fields.next()) {
            if (fields.field() == 3) {
                revision = fields.number();
            }
        }
        return revision;
    }
}
