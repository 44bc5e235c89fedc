package dev.fairway.bench;

import dev.fairway.address.IpAddress;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// A pod that answers each datagram with its number.
final class UdpEndpoint implements Closeable {

    private final int number;
    private final DatagramSocket socket;
    private volatile boolean leaving;
    private volatile long goneNanos;

    private UdpEndpoint(int number, DatagramSocket socket) {
        this.number = number;
        this.socket = socket;
    }

    static UdpEndpoint open(PacketNetwork network, int number) throws IOException {
        InetSocketAddress at =
                new InetSocketAddress(PacketNetwork.pod(number).toInetAddress(), ServiceUnderTest.TARGET_PORT);
        UdpEndpoint endpoint = new UdpEndpoint(number, network.pods().call(() -> new DatagramSocket(at)));
        Thread.ofVirtual().name("endpoint-" + number).start(endpoint::answer);
        return endpoint;
    }

    private void answer() {
        byte[] mine = ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        while (!socket.isClosed()) {
            try {
                socket.receive(packet);
                socket.send(new DatagramPacket(mine, mine.length, packet.getSocketAddress()));
            } catch (IOException _) {
                // it is closed; or the answer found nobody, and the client tells
            }
        }
    }

    int number() {
        return number;
    }

    IpAddress address() {
        return PacketNetwork.pod(number);
    }

    /// From now on it may be out of the rules.
    void leave() {
        leaving = true;
    }

    boolean isLeaving() {
        return leaving;
    }

    /// From now on it is out of the rules. It answers on, so that a flow that stays is seen.
    void gone() {
        goneNanos = System.nanoTime();
    }

    boolean isGone() {
        return goneNanos != 0;
    }

    /// How long it has been out of the rules.
    long goneForMillis() {
        return goneNanos == 0 ? 0 : (System.nanoTime() - goneNanos) / 1_000_000;
    }

    @Override
    public void close() {
        socket.close();
    }
}
