package dev.fairway.bench;

import dev.fairway.address.IpAddress;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A pod that begins each connection with its number and then sends back each byte.
final class TcpEndpoint implements Closeable {

    private final int number;
    private final ServerSocket server;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private volatile long removedNanos;
    private volatile boolean ending;

    private TcpEndpoint(int number, ServerSocket server) {
        this.number = number;
        this.server = server;
    }

    static TcpEndpoint open(PacketNetwork network, int number) throws IOException {
        InetSocketAddress at =
                new InetSocketAddress(PacketNetwork.pod(number).toInetAddress(), ServiceUnderTest.TARGET_PORT);
        TcpEndpoint endpoint = new TcpEndpoint(number, network.pods().call(() -> {
            ServerSocket server = new ServerSocket();
            server.bind(at, 1024);
            return server;
        }));
        Thread.ofVirtual().name("endpoint-" + number).start(endpoint::accept);
        return endpoint;
    }

    private void accept() {
        while (!ending) {
            try {
                Socket socket = server.accept();
                connections.add(socket);
                Thread.ofVirtual().start(() -> echo(socket));
            } catch (IOException _) {
                // it is closed
            }
        }
    }

    private void echo(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
            int got = socket.getInputStream().read();
            while (got >= 0) {
                socket.getOutputStream().write(got);
                got = socket.getInputStream().read();
            }
        } catch (IOException _) {
            // whether that was a fault the client tells
        } finally {
            connections.remove(socket);
        }
    }

    int number() {
        return number;
    }

    IpAddress address() {
        return PacketNetwork.pod(number);
    }

    /// From now on it is out of the rules; it keeps the connections it has.
    void removed() {
        removedNanos = System.nanoTime();
    }

    long removedForMillis() {
        return removedNanos == 0 ? 0 : (System.nanoTime() - removedNanos) / 1_000_000;
    }

    boolean wasRemovedBefore(long nanos) {
        return removedNanos != 0 && nanos - removedNanos > 0;
    }

    /// Whether its connections may end.
    boolean isEnding() {
        return ending;
    }

    @Override
    public void close() throws IOException {
        ending = true;
        server.close();
        for (Socket socket : connections) {
            socket.close();
        }
    }
}
