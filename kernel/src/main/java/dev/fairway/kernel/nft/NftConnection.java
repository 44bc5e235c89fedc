package dev.fairway.kernel.nft;

import dev.fairway.kernel.Errno;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.netlink.MessageWriter;
import dev.fairway.kernel.netlink.NetlinkError;
import dev.fairway.kernel.netlink.NetlinkException;
import dev.fairway.kernel.netlink.NetlinkMessage;
import dev.fairway.kernel.netlink.NetlinkSocket;
import dev.fairway.kernel.netlink.NetlinkWire;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

/// nftables in one network namespace. Safe for use from several threads, one after the other.
public final class NftConnection implements AutoCloseable {

    private static final int GETGEN = 16;
    private static final int DUMP_ATTEMPTS = 10;
    private static final int MAX_TOLD_CHARS = 300;

    private final NetlinkSocket socket;

    private NftConnection(NetlinkSocket socket) {
        this.socket = socket;
    }

    public static NftConnection open(NetworkNamespace namespace) {
        return open(namespace, UnaryOperator.identity());
    }

    /// Like `open`, with something between the connection and the kernel.
    public static NftConnection open(NetworkNamespace namespace, UnaryOperator<NetlinkWire> around) {
        return new NftConnection(NetlinkSocket.open(namespace, NetlinkSocket.NETFILTER, around));
    }

    /// Applies all commands as one transaction: packets see the state before or the state after, nothing between.
    ///
    /// @throws KernelException when the kernel refuses one; nothing is changed then. The message names the command
    public void commit(List<NftCommand> commands) {
        commit(OptionalInt.empty(), commands);
    }

    /// Like `commit`, but only if nobody has changed any table since the generation was read.
    ///
    /// @throws KernelException ERESTART when someone has
    public void commitAt(int generation, List<NftCommand> commands) {
        commit(OptionalInt.of(generation), commands);
    }

    private synchronized void commit(OptionalInt generation, List<NftCommand> commands) {
        if (commands.isEmpty()) {
            return;
        }
        socket.receiveWaiting(); // an answer to an earlier batch that was given up
        // large element lists take several messages: more numbers than commands
        NftBatch batch = new NftBatch(socket.nextSequences(commands.size() * 2 + 1024), generation, commands);
        try {
            socket.send(batch.toBytes());
        } catch (KernelException e) {
            throw new KernelException("commit " + commands.size() + " commands to", "nftables", e.errno());
        }
        // the kernel runs the transaction inside send: all its errors wait in the socket now
        socket.receiveWaiting().stream()
                .filter(message -> message.type() == NetlinkMessage.ERROR)
                .map(NetlinkError::of)
                .filter(error -> !error.isAcknowledgement())
                .min(Comparator.comparingInt(NetlinkError::sequence))
                .ifPresent(error -> refuse(batch, error));
    }

    private static void refuse(NftBatch batch, NetlinkError error) {
        String command = error.sequence() == 0
                ? "batch of " + batch.messages() + " messages"
                : batch.guilty(error.sequence()).toText();
        String told = command.length() > MAX_TOLD_CHARS ? command.substring(0, MAX_TOLD_CHARS) + " ..." : command;
        throw new KernelException("commit to nftables:", told, error.errno(), error.text());
    }

    /// A number that grows with every change to nftables in this namespace, whoever makes it.
    ///
    /// @throws KernelException when the kernel does not tell
    public synchronized int generation() {
        try {
            List<NetlinkMessage> replies = exchange(NftFamily.IP.number(), GETGEN, NetlinkMessage.ACK, _ -> {});
            return replies.getFirst().attributes(4).get(1).u32Network();
        } catch (NetlinkException e) {
            throw e.toKernelException("read the generation of", "nftables");
        }
    }

    /// All tables here, whoever made them, as in nft syntax: `inet filter`.
    public synchronized List<String> tables() {
        return NftDump.tables(this);
    }

    /// What the table holds, or nothing when it does not exist.
    public synchronized NftDump.Shape readShape(Table table) {
        return NftDump.shape(this, table);
    }

    /// All elements of the set; those that rules have learned included.
    ///
    /// @throws KernelException ENOENT when the set does not exist
    public synchronized List<Element> readElements(NftSet set) {
        return NftDump.elements(this, set);
    }

    /// How many packets have found each element of a counting set. Elements that come or go meanwhile may be missing.
    ///
    /// @throws KernelException ENOENT when the set does not exist
    public synchronized SortedMap<Element.Key, Long> readPackets(NftSet set) {
        return NftDump.packets(this, set);
    }

    List<NetlinkMessage> dump(NftFamily family, int type, java.util.function.Consumer<MessageWriter> body) {
        return dump(family.number(), type, body);
    }

    List<NetlinkMessage> dump(int family, int type, java.util.function.Consumer<MessageWriter> body) {
        for (int attempt = 1; ; attempt++) {
            try {
                return exchange(family, type, NetlinkMessage.DUMP, body);
            } catch (NetlinkException e) {
                // another writer changed the tables meanwhile
                if (attempt == DUMP_ATTEMPTS || !e.error().errno().equals(Errno.EINTR)) {
                    throw e.toKernelException("read", "nftables");
                }
            }
        }
    }

    private List<NetlinkMessage> exchange(
            int family, int type, int flags, java.util.function.Consumer<MessageWriter> body) {
        int sequence = socket.nextSequence();
        MessageWriter out = new MessageWriter();
        out.begin(NftBatch.SUBSYSTEM << 8 | type, NetlinkMessage.REQUEST | flags, sequence);
        out.u8(family).u8(0).u16Network(0);
        body.accept(out);
        return new ArrayList<>(socket.exchange(out.end().toBytes(), sequence));
    }

    @Override
    public void close() {
        socket.close();
    }
}
