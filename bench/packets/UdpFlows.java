package dev.fairway.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// Clients that each keep their port and send to the Service all the time, on one thread.
final class UdpFlows implements Closeable {

    private static final int FIRST_PORT = 20_000;
    private static final long PERIOD_NANOS = 50_000_000;
    private static final long SELECT_MILLIS = 5;

    private final Outcome outcome;
    private final IntFunction<Optional<UdpEndpoint>> endpoints;
    private final List<Flow> flows;
    private final Selector selector = Selector.open();
    private final Thread thread = Thread.ofPlatform().name("flows").unstarted(this::run);
    private volatile boolean stopped;
    private volatile long moves;
    private volatile long worstMoveMillis;

    /// @param endpoints by their numbers, those that still answer
    UdpFlows(PacketNetwork network, int count, Outcome outcome, IntFunction<Optional<UdpEndpoint>> endpoints)
            throws IOException {
        this.outcome = outcome;
        this.endpoints = endpoints;
        this.flows = network.client().call(() -> open(count));
        for (Flow flow : flows) {
            flow.channel.register(selector, SelectionKey.OP_READ, flow);
        }
        thread.start();
    }

    private static List<Flow> open(int count) throws IOException {
        List<Flow> flows = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            DatagramChannel channel = DatagramChannel.open();
            channel.bind(new InetSocketAddress(FIRST_PORT + number));
            channel.connect(ServiceUnderTest.socketAddress());
            channel.configureBlocking(false);
            flows.add(new Flow(FIRST_PORT + number, channel, System.nanoTime() + number * PERIOD_NANOS / count));
        }
        return flows;
    }

    private static final class Flow {

        private final int port;
        private final DatagramChannel channel;
        private long nextNanos;
        private volatile long answeredNanos = System.nanoTime();
        private volatile Optional<UdpEndpoint> at = Optional.empty();

        Flow(int port, DatagramChannel channel, long nextNanos) {
            this.port = port;
            this.channel = channel;
            this.nextNanos = nextNanos;
        }
    }

    private void run() {
        try {
            while (!stopped) {
                long now = System.nanoTime();
                for (Flow flow : flows) {
                    if (now - flow.nextNanos >= 0) {
                        send(flow);
                        flow.nextNanos = Math.max(flow.nextNanos + PERIOD_NANOS, now);
                    }
                }
                selector.select(key -> receive((Flow) key.attachment()), SELECT_MILLIS);
            }
        } catch (IOException e) {
            outcome.claim(false, "the flows cannot go on: %s", e);
        }
    }

    private static void send(Flow flow) throws IOException {
        try {
            flow.channel.write(ByteBuffer.allocate(Integer.BYTES));
        } catch (PortUnreachableException _) {
            // told of a packet before: a flow without an answer is found by its time
        }
    }

    private void receive(Flow flow) {
        ByteBuffer answer = ByteBuffer.allocate(Integer.BYTES);
        try {
            while (flow.channel.read(answer) == Integer.BYTES) {
                endpoints.apply(answer.flip().getInt()).ifPresent(from -> answered(flow, from));
                answer.clear();
            }
        } catch (IOException _) {
            // as above
        }
    }

    private void answered(Flow flow, UdpEndpoint from) {
        flow.answeredNanos = System.nanoTime();
        UdpEndpoint before = flow.at.orElse(from);
        flow.at = Optional.of(from);
        if (!before.equals(from)) {
            outcome.claim(before.isLeaving(), "flow from port %d went from %s, which lives, to %s",
                    flow.port, before.address(), from.address());
            moves++;
            worstMoveMillis = Math.max(worstMoveMillis, before.goneForMillis());
        }
    }

    /// Whether each flow has been answered.
    boolean allAnswered() {
        return flows.stream().allMatch(flow -> flow.at.isPresent());
    }

    /// Claims that each flow is where it belongs.
    void check(long allowedMillis) {
        for (Flow flow : flows) {
            flow.at.ifPresent(at -> outcome.claim(at.goneForMillis() <= allowedMillis,
                    "flow from port %d is still at %s, gone for %d ms", flow.port, at.address(), at.goneForMillis()));
            long silentMillis = (System.nanoTime() - flow.answeredNanos) / 1_000_000;
            outcome.claim(silentMillis <= allowedMillis,
                    "flow from port %d has had no answer for %d ms", flow.port, silentMillis);
        }
    }

    long moves() {
        return moves;
    }

    /// The longest time from a change in force to the first answer of another endpoint.
    long worstMoveMillis() {
        return worstMoveMillis;
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        selector.close();
        for (Flow flow : flows) {
            flow.channel.close();
        }
    }
}
