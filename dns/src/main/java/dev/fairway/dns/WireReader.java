package dev.fairway.dns;

import java.util.Arrays;
import java.util.HexFormat;

/// A bounds-checked cursor over a message (RFC 1035, 4.1). Every fault is a `MalformedException`, whatever the bytes.
final class WireReader {

    /// The bytes are no message of the expected form. Carries no stack: it is an ordinary outcome.
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message, null, false, false);
        }
    }

    private final byte[] bytes;
    private final int end;
    private int at;

    WireReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private WireReader(byte[] bytes, int at, int end) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
    }

    int position() {
        return at;
    }

    int left() {
        return end - at;
    }

    int u8() throws MalformedException {
        need(1);
        return bytes[at++] & 0xff;
    }

    int u16() throws MalformedException {
        return u8() << 8 | u8();
    }

    long u32() throws MalformedException {
        return (long) u16() << 16 | u16();
    }

    byte[] take(int count) throws MalformedException {
        need(count);
        at += count;
        return Arrays.copyOfRange(bytes, at - count, at);
    }

    String hex(int count) throws MalformedException {
        return HexFormat.of().formatHex(take(count));
    }

    /// A reader of the next `count` bytes, which may still follow pointers into the whole message; skips them here.
    WireReader slice(int count) throws MalformedException {
        need(count);
        at += count;
        return new WireReader(bytes, at - count, at);
    }

    private void need(int count) throws MalformedException {
        if (count > end - at) {
            throw new MalformedException("message ends within a field at byte " + at);
        }
    }

    /// A name as it stands in a question: without pointers.
    DnsName plainName() throws MalformedException {
        int from = at;
        int length = u8();
        while (length != 0) {
            if (length > DnsName.MAX_LABEL_BYTES) {
                throw new MalformedException("pointer or unknown label in a question");
            }
            need(length);
            at += length;
            length = u8();
        }
        if (at - from > DnsName.MAX_BYTES) {
            throw new MalformedException("name of more than 255 bytes");
        }
        return DnsName.ofWire(bytes, from, at - from);
    }

    /// A name that may be compressed. Pointers must lead strictly backwards, so that there is no loop.
    DnsName name() throws MalformedException {
        byte[] wire = new byte[DnsName.MAX_BYTES];
        int length = 0;
        int here = at;
        int limit = end;
        int lowest = at;
        boolean jumped = false;
        while (true) {
            int label = byteAt(here, limit);
            if (label >= 0xc0) {
                int target = (label & 0x3f) << 8 | byteAt(here + 1, limit);
                at = jumped ? at : here + 2;
                jumped = true;
                if (target >= lowest) {
                    throw new MalformedException("name pointer does not lead backwards");
                }
                lowest = target;
                here = target;
                limit = bytes.length;
            } else if (label > DnsName.MAX_LABEL_BYTES) {
                throw new MalformedException("unknown label type");
            } else {
                if (length + label + 1 > DnsName.MAX_BYTES || here + label >= limit) {
                    throw new MalformedException("name too long or cut");
                }
                System.arraycopy(bytes, here, wire, length, label + 1);
                length += label + 1;
                here += label + 1;
                if (label == 0) {
                    at = jumped ? at : here;
                    return DnsName.ofWire(wire, 0, length);
                }
            }
        }
    }

    private int byteAt(int position, int limit) throws MalformedException {
        if (position >= limit) {
            throw new MalformedException("name leaves the message");
        }
        return bytes[position] & 0xff;
    }
}
