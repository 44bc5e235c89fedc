package dev.fairway.bench;

import dev.fairway.kernel.KernelException;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.IntFunction;

/// Clients of the Service: some keep their connection and say a byte now and then, and others come new all the time.
final class TcpClients {

    private static final int TIMEOUT_MILLIS = 5_000;
    private static final long ECHO_MILLIS = 100;

    private final PacketNetwork network;
    private final Outcome outcome;
    private final IntFunction<TcpEndpoint> endpoints;
    private final AtomicLong connected = new AtomicLong();
    private final AtomicLong echoed = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final LongAccumulator slowestConnectMillis = new LongAccumulator(Math::max, 0);
    private final LongAccumulator slowestEchoMillis = new LongAccumulator(Math::max, 0);

    private long sentAgain;

    /// @param endpoints by their numbers, all that ever were
    TcpClients(PacketNetwork network, Outcome outcome, IntFunction<TcpEndpoint> endpoints) {
        this.network = network;
        this.outcome = outcome;
        this.endpoints = endpoints;
    }

    /// @param connected connections that came new and were answered
    /// @param echoed bytes that came back on connections that are kept
    /// @param ended kept connections that ended because their endpoint did
    /// @param sentAgain packets that the clients' kernel had to send again
    record Counts(
            long connected,
            long slowestConnectMillis,
            long echoed,
            long slowestEchoMillis,
            long ended,
            long sentAgain) {}

    /// What happened since the last call.
    Counts countsThenReset() throws IOException {
        long before = sentAgain;
        sentAgain = retransmitted();
        return new Counts(
                connected.getAndSet(0),
                slowestConnectMillis.getThenReset(),
                echoed.getAndSet(0),
                slowestEchoMillis.getThenReset(),
                ended.getAndSet(0),
                sentAgain - before);
    }

    /// `RetransSegs`; the first of the two lines on TCP names the columns.
    private long retransmitted() throws IOException {
        Path counters = Path.of("/proc/thread-self/net/snmp");
        List<String[]> tcp = network.client().call(() -> Files.readAllLines(counters)).stream()
                .filter(line -> line.startsWith("Tcp:"))
                .map(line -> line.split(" "))
                .toList();
        return Long.parseLong(tcp.get(1)[List.of(tcp.get(0)).indexOf("RetransSegs")]);
    }

    long connected() {
        return connected.get();
    }

    void startKept(int count) {
        for (int client = 0; client < count; client++) {
            start(this::keep);
        }
    }

    void startNew(int perSecond) {
        long periodNanos = 1_000_000_000L / perSecond;
        start(() -> {
            long next = System.nanoTime();
            while (true) {
                start(this::connectOnce);
                next += periodNanos;
                pause((next - System.nanoTime()) / 1_000_000);
            }
        });
    }

    /// Until the namespaces go with the program.
    private void start(Runnable client) {
        Thread.ofVirtual().start(() -> {
            try {
                client.run();
            } catch (IllegalStateException | KernelException e) {
                if (!network.isClosed()) {
                    throw e;
                }
            }
        });
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(Math.max(0, millis));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a client", e);
        }
    }

    private record Connection(TcpEndpoint endpoint, Socket socket) implements Closeable {

        void echo() throws IOException {
            socket.getOutputStream().write(1);
            if (socket.getInputStream().read() != 1) {
                throw new IOException("the connection ended");
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Connection connect() throws IOException {
        long start = System.nanoTime();
        Socket socket = network.client().call(() -> new Socket());
        try {
            network.client().run(() -> socket.connect(ServiceUnderTest.socketAddress(), TIMEOUT_MILLIS));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            byte[] number = socket.getInputStream().readNBytes(Integer.BYTES);
            if (number.length < Integer.BYTES) {
                throw new IOException("the connection ended before it began");
            }
            TcpEndpoint endpoint = endpoints.apply(ByteBuffer.wrap(number).getInt());
            outcome.claim(!endpoint.wasRemovedBefore(start), "a new connection came to %s, removed %d ms ago",
                    endpoint.address(), endpoint.removedForMillis());
            slowestConnectMillis.accumulate((System.nanoTime() - start) / 1_000_000);
            return new Connection(endpoint, socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void connectOnce() {
        try (Connection connection = connect()) {
            connection.echo();
            connected.incrementAndGet();
        } catch (IOException e) {
            outcome.claim(false, "a new connection failed: %s", e);
        }
    }

    private void keep() {
        while (true) {
            try (Connection connection = connect()) {
                echoUntilTheEnd(connection);
            } catch (IOException e) {
                outcome.claim(false, "a connection that is to be kept cannot begin: %s", e);
                pause(ECHO_MILLIS);
            }
        }
    }

    private void echoUntilTheEnd(Connection connection) {
        try {
            while (true) {
                long start = System.nanoTime();
                connection.echo();
                slowestEchoMillis.accumulate((System.nanoTime() - start) / 1_000_000);
                echoed.incrementAndGet();
                pause(ECHO_MILLIS);
            }
        } catch (IOException e) {
            ended.incrementAndGet();
            outcome.claim(connection.endpoint.isEnding(), "a kept connection to %s failed, which lives: %s",
                    connection.endpoint.address(), e);
        }
    }
}
