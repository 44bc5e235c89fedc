package dev.fairway.kernel.netlink;

import dev.fairway.kernel.Errno;
import java.nio.ByteBuffer;

/// What the kernel says about a request: an acknowledgement (errno 0) or an error.
///
/// @param sequence the request's sequence number
/// @param text the kernel's own words (NLMSGERR_ATTR_MSG), empty when it gave none
/// @param offset where in the request's message the fault lies, in bytes from its header; 0 when not told
public record NetlinkError(int sequence, Errno errno, String text, int offset) {

    private static final int ATTRIBUTE_TEXT = 1;
    private static final int ATTRIBUTE_OFFSET = 2;

    /// Reads a message of type ERROR, or of type DONE, which ends with the dump's result in the same way.
    public static NetlinkError of(NetlinkMessage message) {
        ByteBuffer payload = message.payload();
        if (payload.limit() < 4) {
            return new NetlinkError(message.sequence(), new Errno(0), "", 0);
        }
        Errno errno = new Errno(-payload.getInt(0));
        int attributes = attributesOffset(message);
        if ((message.flags() & NetlinkMessage.ACK_ATTRIBUTES) == 0 || attributes < 4 || attributes > payload.limit()) {
            return new NetlinkError(message.sequence(), errno, "", 0);
        }
        AttributeReader reader = message.attributes(attributes);
        return new NetlinkError(
                message.sequence(),
                errno,
                reader.find(ATTRIBUTE_TEXT).map(AttributeReader.Attribute::text).orElse(""),
                reader.find(ATTRIBUTE_OFFSET)
                        .filter(attribute -> attribute.bytes().limit() >= 4)
                        .map(AttributeReader.Attribute::u32)
                        .orElse(0));
    }

    private static int attributesOffset(NetlinkMessage message) {
        if (message.type() == NetlinkMessage.DONE) {
            return 4;
        }
        int header = 4 + NetlinkMessage.HEADER_BYTES;
        boolean capped = (message.flags() & NetlinkMessage.CAPPED) != 0;
        // an uncapped error repeats the whole request, whose header tells its length
        return capped || message.payload().limit() < header
                ? header
                : 4 + message.payload().getInt(4);
    }

    public boolean isAcknowledgement() {
        return errno.number() == 0;
    }
}
