package dev.fairway.kernel.conntrack;

import dev.fairway.kernel.Errno;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.conntrack.Flow.Ends;
import dev.fairway.kernel.netlink.MessageWriter;
import dev.fairway.kernel.netlink.NetlinkException;
import dev.fairway.kernel.netlink.NetlinkMessage;
import dev.fairway.kernel.netlink.NetlinkSocket;
import java.util.Arrays;

/// Ends TCP sockets of one network namespace from outside their program, as `ss -K` does (`SOCK_DESTROY`,
/// `linux/sock_diag.h`): the program reads ECONNABORTED, the other side gets a reset.
public final class OpenSockets implements AutoCloseable {

    private static final int DESTROY = 21; // SOCK_DESTROY
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int TCP = 6;
    private static final int ANY_STATE = -1;
    private static final int ADDRESS_BYTES = 16;
    private static final int NO_COOKIE = -1; // INET_DIAG_NOCOOKIE: whichever socket has these ends

    private final NetlinkSocket socket;

    private OpenSockets(NetlinkSocket socket) {
        this.socket = socket;
    }

    public static OpenSockets open(NetworkNamespace namespace) {
        return new OpenSockets(NetlinkSocket.open(namespace, NetlinkSocket.SOCK_DIAG));
    }

    /// @param ends as its program sees them: its own end is the source
    /// @return false when there is no such socket in the namespace
    /// @throws dev.fairway.kernel.KernelException EOPNOTSUPP when the kernel is built without INET_DIAG_DESTROY
    public synchronized boolean end(Ends ends) {
        int sequence = socket.nextSequence();
        MessageWriter out = new MessageWriter();
        out.begin(DESTROY, NetlinkMessage.REQUEST | NetlinkMessage.ACK, sequence);
        // struct inet_diag_req_v2: family, protocol, extensions, pad; states; then the ends in network order
        out.u8(ends.source().isV4() ? AF_INET : AF_INET6).u8(TCP).u8(0).u8(0).u32(ANY_STATE);
        out.u16Network(ends.sourcePort()).u16Network(ends.destinationPort());
        out.bytes(Arrays.copyOf(ends.source().toBytes(), ADDRESS_BYTES));
        out.bytes(Arrays.copyOf(ends.destination().toBytes(), ADDRESS_BYTES));
        out.u32(0).u32(NO_COOKIE).u32(NO_COOKIE);
        try {
            socket.exchange(out.end().toBytes(), sequence);
            return true;
        } catch (NetlinkException e) {
            if (e.error().errno().equals(Errno.ENOENT)) {
                return false;
            }
            throw e.toKernelException("end the socket", ends.toString());
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
