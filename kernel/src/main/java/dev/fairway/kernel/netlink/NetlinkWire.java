package dev.fairway.kernel.netlink;

import java.nio.ByteBuffer;

/// The calls by which datagrams go to the kernel and come from it. A place to stand in between: what is wrapped around
/// the real one sees every datagram, and may keep, spoil or refuse it.
public interface NetlinkWire {

    /// @return how many bytes were taken, or a negative error number
    long send(byte[] datagram);

    /// Receives one datagram into the direct buffer, from its beginning on; numbers in it are in host byte order.
    ///
    /// @param flags of `man 2 recv`
    /// @return its length, which may be more than the buffer holds, or a negative error number
    long receive(ByteBuffer buffer, int flags);
}
