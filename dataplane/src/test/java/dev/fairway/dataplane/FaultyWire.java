package dev.fairway.dataplane;

import dev.fairway.kernel.Errno;
import dev.fairway.kernel.netlink.NetlinkWire;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Stands between the data plane and the real kernel, and lets one batch or question in ten meet with a fault. To read
/// all that the kernel holds takes some fifty dumps, of which one in fifty does.
final class FaultyWire implements NetlinkWire {

    /// What may happen.
    enum Fault {
        /// A signal came: nothing was sent.
        EINTR_SENDING,
        /// The datagram is larger than the socket takes: nothing was sent.
        EMSGSIZE,
        /// The kernel refuses the batch.
        EBUSY,
        /// The kernel found that somebody else had written.
        ERESTART,
        /// The kernel did what it was asked, and had no room for saying so.
        ENOBUFS,
        /// A dump during which something changed.
        DUMP_INTERRUPTED,
        /// A datagram that is longer than what was received of it.
        DUMP_TRUNCATED,
        /// Somebody else takes rules away just before.
        FOREIGN_FLUSH
    }

    private static final int ONE_IN = 10;
    private static final int ONE_DUMP_IN = 50;
    private static final List<Fault> NOT_OF_DUMPS = Arrays.stream(Fault.values())
            .filter(fault -> fault != Fault.DUMP_INTERRUPTED && fault != Fault.DUMP_TRUNCATED)
            .toList();
    private static final int ERROR = 2;
    private static final int DUMP_FLAGS = 0x300;
    private static final int DUMP_INTERRUPTED = 0x10;
    private static final int TYPE_AT = 4;
    private static final int FLAGS_AT = 6;
    private static final int SEQUENCE_AT = 8;
    private static final int HEADER_BYTES = 16;
    private static final int ERROR_BYTES = HEADER_BYTES + 4 + HEADER_BYTES;

    private final NetlinkWire kernel;
    private final Random random;
    private final Runnable foreignFlush;
    private final Map<Fault, Integer> met = new EnumMap<>(Fault.class);
    private boolean active;
    private Optional<Fault> receiving = Optional.empty();
    private Optional<byte[]> refused = Optional.empty();

    /// @param foreignFlush takes some of the data plane's rules away over a connection of its own
    FaultyWire(NetlinkWire kernel, Random random, Runnable foreignFlush) {
        this.kernel = kernel;
        this.random = random;
        this.foreignFlush = foreignFlush;
    }

    void setActive(boolean on) {
        active = on;
        receiving = Optional.empty();
    }

    /// How often each fault has happened.
    Map<Fault, Integer> met() {
        return met;
    }

    @Override
    public long send(byte[] datagram) {
        receiving = Optional.empty();
        boolean dump = (over(datagram).getShort(FLAGS_AT) & DUMP_FLAGS) == DUMP_FLAGS;
        if (!active || random.nextInt(dump ? ONE_DUMP_IN : ONE_IN) > 0) {
            return kernel.send(datagram);
        }
        List<Fault> possible = dump ? List.of(Fault.values()) : NOT_OF_DUMPS;
        Fault fault = possible.get(random.nextInt(possible.size()));
        return switch (fault) {
            case EINTR_SENDING -> refuse(fault, Errno.EINTR);
            case EMSGSIZE -> refuse(fault, Errno.EMSGSIZE);
            case EBUSY -> answer(fault, Errno.EBUSY, datagram);
            case ERESTART -> answer(fault, Errno.ERESTART, datagram);
            case ENOBUFS, DUMP_INTERRUPTED, DUMP_TRUNCATED -> sendAndSpoil(fault, datagram);
            case FOREIGN_FLUSH -> {
                count(fault);
                foreignFlush.run();
                yield kernel.send(datagram);
            }
        };
    }

    private static ByteBuffer over(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    private void count(Fault fault) {
        met.merge(fault, 1, Integer::sum);
    }

    private long refuse(Fault fault, Errno errno) {
        count(fault);
        return -errno.number();
    }

    private long sendAndSpoil(Fault fault, byte[] datagram) {
        count(fault);
        receiving = Optional.of(fault);
        return kernel.send(datagram);
    }

    /// The request goes nowhere; its answer is an error message as the kernel writes it (`struct nlmsgerr`).
    private long answer(Fault fault, Errno errno, byte[] datagram) {
        count(fault);
        byte[] error = new byte[ERROR_BYTES];
        over(error)
                .putInt(0, ERROR_BYTES)
                .putShort(TYPE_AT, (short) ERROR)
                .putInt(SEQUENCE_AT, over(datagram).getInt(SEQUENCE_AT))
                .putInt(HEADER_BYTES, -errno.number())
                .put(HEADER_BYTES + 4, datagram, 0, HEADER_BYTES);
        refused = Optional.of(error);
        return datagram.length;
    }

    @Override
    public long receive(ByteBuffer buffer, int flags) {
        if (refused.isPresent()) {
            buffer.put(0, refused.get());
            refused = Optional.empty();
            return ERROR_BYTES;
        }
        long length = kernel.receive(buffer, flags);
        Optional<Fault> fault = receiving;
        receiving = Optional.empty();
        return fault.map(met -> spoil(met, buffer, length)).orElse(length);
    }

    private static long spoil(Fault fault, ByteBuffer buffer, long length) {
        return switch (fault) {
            case ENOBUFS -> -(long) Errno.ENOBUFS.number();
            case DUMP_TRUNCATED -> buffer.capacity() + 1L;
            case DUMP_INTERRUPTED -> {
                buffer.putShort(FLAGS_AT, (short) (buffer.getShort(FLAGS_AT) | DUMP_INTERRUPTED));
                yield length;
            }
            case EINTR_SENDING, EMSGSIZE, EBUSY, ERESTART, FOREIGN_FLUSH -> length;
        };
    }
}
