package dev.fairway.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// One received netlink message: its header (`struct nlmsghdr`) and, in host byte order, what follows the header.
public record NetlinkMessage(int type, int flags, int sequence, int port, ByteBuffer payload) {

    /// NLMSG_ERROR, also the acknowledgement (error 0).
    public static final int ERROR = 2;
    /// NLMSG_DONE: the end of a dump.
    public static final int DONE = 3;

    /// NLM_F_REQUEST.
    public static final int REQUEST = 1;
    /// NLM_F_ACK: answer with an error message of number 0 on success.
    public static final int ACK = 4;
    /// NLM_F_DUMP: all objects instead of one.
    public static final int DUMP = 0x300;
    /// NLM_F_REPLACE.
    public static final int REPLACE = 0x100;
    /// NLM_F_EXCL: must not exist yet.
    public static final int EXCLUSIVE = 0x200;
    /// NLM_F_CREATE.
    public static final int CREATE = 0x400;
    /// NLM_F_APPEND.
    public static final int APPEND = 0x800;
    /// NLM_F_DUMP_INTR: objects changed during the dump.
    public static final int DUMP_INTERRUPTED = 0x10;
    /// NLM_F_CAPPED: an error message without the request's payload.
    static final int CAPPED = 0x100;
    /// NLM_F_ACK_TLVS: an error message with extended attributes.
    static final int ACK_ATTRIBUTES = 0x200;

    static final int HEADER_BYTES = 16;

    /// A copy of the bytes from `offset` of the payload on, as attributes.
    public AttributeReader attributes(int offset) {
        return new AttributeReader(
                payload.slice(offset, payload.limit() - offset).order(ByteOrder.nativeOrder()));
    }

    /// Cuts a datagram into its messages; a message cut short ends the list.
    static List<NetlinkMessage> split(ByteBuffer datagram) {
        List<NetlinkMessage> messages = new ArrayList<>();
        int at = 0;
        while (at + HEADER_BYTES <= datagram.limit()) {
            int length = datagram.getInt(at);
            if (length < HEADER_BYTES || length > datagram.limit() - at) {
                break;
            }
            messages.add(new NetlinkMessage(
                    Short.toUnsignedInt(datagram.getShort(at + 4)),
                    Short.toUnsignedInt(datagram.getShort(at + 6)),
                    datagram.getInt(at + 8),
                    datagram.getInt(at + 12),
                    datagram.slice(at + HEADER_BYTES, length - HEADER_BYTES).order(ByteOrder.nativeOrder())));
            at += MessageWriter.align(length);
        }
        return messages;
    }
}
