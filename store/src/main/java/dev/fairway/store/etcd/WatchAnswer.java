package dev.fairway.store.etcd;

import java.util.ArrayList;
import java.util.List;

/// What a watch tells (etcdserverpb.WatchResponse).
///
/// @param compacted not 0 when the watch asked for changes before this revision, which are gone
/// @param cancelled the server's reason for ending the watch; empty while it goes on
public record WatchAnswer(long compacted, String cancelled, List<Change> changes) {

    /// @param key after the change; of a deletion only its name and the revision
    public record Change(boolean deleted, KeyValue key) {}

    public WatchAnswer {
        changes = List.copyOf(changes);
    }

    /// All changes of keys from `key` up to `end`, beginning with `revision`.
    static Message request(String key, String end, long revision) {
        return new Message().message(1, new Message().text(1, key).text(2, end).number(3, revision));
    }

    static WatchAnswer read(Fields fields) {
        boolean cancelled = false;
        long compacted = 0;
        String reason = "";
        List<Change> changes = new ArrayList<>();
        while (fields.next()) {
            switch (fields.field()) {
                case 4 -> cancelled = fields.flag();
                case 5 -> compacted = fields.number();
                case 6 -> reason = fields.text();
                case 11 -> changes.add(change(fields.message()));
                default -> {}
            }
        }
        return new WatchAnswer(compacted, cancelled && reason.isEmpty() ? "no reason given" : reason, changes);
    }

    private static Change change(Fields fields) {
        boolean deleted = false;
        KeyValue key = new KeyValue("", new byte[0], 0, 0, 0);
        while (fields.next()) {
            switch (fields.field()) {
                case 1 -> deleted = fields.flag();
                case 2 -> key = KeyValue.read(fields.message());
                default -> {}
            }
        }
        return new Change(deleted, key);
    }
}
