package dev.fairway.store.etcd;

import java.nio.charset.StandardCharsets;

/// A key as etcd holds it (mvccpb.KeyValue).
///
/// @param revision of its last change
/// @param version how often it was written since it was created
public record KeyValue(String key, byte[] value, long createRevision, long revision, long version) {

    private static final byte[] NOTHING = new byte[0];

    static KeyValue read(Fields fields) {
        String key = "";
        byte[] value = NOTHING;
        long version = 0;
        long created = 0;
        long revision = 0;
        while (fields.next()) {
            switch (fields.field()) {
                case 1 -> key = fields.text();
                case 2 -> created = fields.number();
                case 3 -> revision = fields.number();
                case 4 -> version = fields.number();
                case 5 -> value = fields.bytes();
                default -> {}
            }
        }
        return new KeyValue(key, value, created, revision, version);
    }

    public String valueText() {
        return new String(value, StandardCharsets.UTF_8);
    }
}
