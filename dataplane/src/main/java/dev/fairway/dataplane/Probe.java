package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.conntrack.Flow.Ends;
import dev.fairway.table.Protocol;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/// One real connection attempt: over TCP a handshake and its end, over UDP a datagram of one zero byte. Its own port is
/// known
/// before anything is sent, so that a rule can wait for just this packet.
public sealed interface Probe extends AutoCloseable {

    /// What the sender hears.
    enum Answer {
        /// Over TCP a connection, over UDP some datagram.
        ANSWERED,
        REFUSED,
        /// Told by a router or a firewall that there is no way.
        UNREACHABLE,
        /// Nothing within the time: over UDP no fault by itself.
        SILENT
    }

    /// Who will send to whom.
    Ends ends();

    Protocol protocol();

    /// Sends, and waits for what comes.
    Answer send(int timeoutMillis);

    @Override
    void close();

    /// @param from where the sender lives
    /// @param source an address there
    /// @throws IOException when the namespace has not the address, or probes cannot speak the protocol
    static Probe open(NetworkNamespace from, Protocol protocol, IpAddress source, IpAddress destination, int port)
            throws IOException {
        InetSocketAddress own = new InetSocketAddress(source.toInetAddress(), 0);
        InetSocketAddress to = new InetSocketAddress(destination.toInetAddress(), port);
        return switch (protocol) {
            case TCP -> {
                Socket socket = from.call(() -> bound(own));
                yield new Tcp(socket, to, new Ends(source, socket.getLocalPort(), destination, port));
            }
            case UDP -> {
                DatagramSocket socket = from.call(() -> new DatagramSocket(own));
                yield new Udp(socket, to, new Ends(source, socket.getLocalPort(), destination, port));
            }
            case SCTP -> throw new IOException("only TCP and UDP probes can be sent, not SCTP");
        };
    }

    private static Socket bound(InetSocketAddress own) throws IOException {
        Socket socket = new Socket();
        try {
            socket.bind(own);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    record Tcp(Socket socket, InetSocketAddress to, Ends ends) implements Probe {

        @Override
        public Protocol protocol() {
            return Protocol.TCP;
        }

        @Override
        public Answer send(int timeoutMillis) {
            try {
                socket.connect(to, timeoutMillis);
                return Answer.ANSWERED;
            } catch (SocketTimeoutException _) {
                return Answer.SILENT;
            } catch (ConnectException _) {
                return Answer.REFUSED;
            } catch (IOException _) {
                return Answer.UNREACHABLE;
            }
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException _) {
                // nothing was sent that could be lost
            }
        }
    }

    record Udp(DatagramSocket socket, InetSocketAddress to, Ends ends) implements Probe {

        @Override
        public Protocol protocol() {
            return Protocol.UDP;
        }

        @Override
        public Answer send(int timeoutMillis) {
            try {
                socket.connect(to);
                socket.setSoTimeout(timeoutMillis);
                write();
                socket.receive(new DatagramPacket(new byte[1], 1));
                return Answer.ANSWERED;
            } catch (SocketTimeoutException _) {
                return Answer.SILENT;
            } catch (PortUnreachableException _) {
                return Answer.REFUSED;
            } catch (IOException _) {
                return Answer.UNREACHABLE;
            }
        }

        /// EPERM says that the sender's own output hook stopped it; whether with an answer is heard when receiving.
        private void write() throws IOException {
            try {
                socket.send(new DatagramPacket(new byte[1], 1));
            } catch (PortUnreachableException e) {
                throw e;
            } catch (SocketException _) {
                return;
            } catch (IOException e) {
                if (!String.valueOf(e.getMessage()).contains("Operation not permitted")) {
                    throw e;
                }
            }
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
