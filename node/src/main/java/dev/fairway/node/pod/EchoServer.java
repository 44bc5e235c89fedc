package dev.fairway.node.pod;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.pod.ContainerSpec.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The built-in image `fairway.dev/echo`: a server without a process that tells every client which pod answered.
///
/// It listens on the declared ports (80/TCP when there are none) inside the pod's network namespace, on both families.
/// A TCP port speaks HTTP/1.1, a UDP port answers each datagram; both with the lines
///
/// ```
/// pod=web-1
/// node=node-1
/// ip=10.244.1.7
/// port=80
/// client=10.244.2.9:41822
/// ```
///
/// One virtual thread per port and per connection; thousands of servers cost only their sockets.
final class EchoServer implements AutoCloseable {

    private static final int IDLE_MILLIS_MAX = 120_000;
    private static final int BACKLOG = 1024;
    private static final int BIND_ATTEMPTS_MAX = 25;
    private static final Port DEFAULT_PORT = new Port("", 80, "TCP");

    private final String pod;
    private final String node;
    private final List<IpAddress> addresses;
    private final Consumer<String> log;
    private final List<NetworkChannel> listening = new ArrayList<>();
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

    private EchoServer(String pod, String node, List<IpAddress> addresses, Consumer<String> log) {
        this.pod = pod;
        this.node = node;
        this.addresses = List.copyOf(addresses);
        this.log = log;
    }

    /// @param addresses the pod's own addresses, for the answers to datagrams
    /// @param log takes a line per happening worth telling
    /// @throws IOException when a port cannot be opened, with the port's number; nothing stays open then
    static EchoServer open(
            NetworkNamespace namespace,
            String pod,
            String node,
            List<IpAddress> addresses,
            List<Port> ports,
            Consumer<String> log)
            throws IOException {
        EchoServer server = new EchoServer(pod, node, addresses, log);
        List<Port> wanted = ports.isEmpty() ? List.of(DEFAULT_PORT) : ports;
        try {
            namespace.call(() -> {
                for (Port port : wanted) {
                    server.listen(port);
                }
                return true;
            });
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        } catch (Exception e) {
            server.close();
            throw new IOException("open echo server of pod " + pod + ": " + e.getMessage(), e);
        }
        server.serve();
        return server;
    }

    private void listen(Port port) throws IOException {
        try {
            switch (port.protocol()) {
                case "TCP" -> {
                    ServerSocketChannel channel = ServerSocketChannel.open();
                    listening.add(channel);
                    bind(() -> channel.bind(new InetSocketAddress(port.number()), BACKLOG));
                }
                case "UDP" -> {
                    DatagramChannel channel = DatagramChannel.open();
                    listening.add(channel);
                    bind(() -> channel.bind(new InetSocketAddress(port.number())));
                }
                default -> log.accept("port " + port.number() + "/" + port.protocol() + " is not served");
            }
        } catch (IOException e) {
            throw new IOException("listen on port " + port.number() + "/" + port.protocol() + ": " + e.getMessage(), e);
        }
    }

    private interface Binding {
        NetworkChannel bind() throws IOException;
    }

    /// A process that is just being started holds copies of all our sockets until it runs its program, those that are
    /// closed here meanwhile included: the port of a server that has just ended can stay taken for a moment.
    private static void bind(Binding binding) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                binding.bind();
                return;
            } catch (BindException taken) {
                if (attempt == BIND_ATTEMPTS_MAX) {
                    throw taken;
                }
                pause();
            }
        }
    }

    private void serve() throws IOException {
        for (NetworkChannel channel : listening) {
            int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            log.accept("listening on port " + port + (channel instanceof DatagramChannel ? "/UDP" : "/TCP"));
            switch (channel) {
                case ServerSocketChannel server ->
                    Thread.ofVirtual().name("echo-accept-" + pod).start(() -> accept(server));
                case DatagramChannel datagrams ->
                    Thread.ofVirtual().name("echo-udp-" + pod).start(() -> answerDatagrams(datagrams));
                default -> throw new IllegalStateException("unexpected channel " + channel);
            }
        }
    }

    private void accept(ServerSocketChannel server) {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                connections.add(client);
                if (!server.isOpen()) {
                    client.close(); // `close` may have looked before this one was there
                }
                Thread.ofVirtual().name("echo-" + pod).start(() -> serve(client));
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException e) {
                log.accept("accept: " + e.getMessage());
                pause();
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            client.socket().setSoTimeout(IDLE_MILLIS_MAX);
            InetSocketAddress own = (InetSocketAddress) client.getLocalAddress();
            InetSocketAddress peer = (InetSocketAddress) client.getRemoteAddress();
            String text = text(IpAddress.of(own.getAddress()), own.getPort(), peer);
            new EchoHttp(client.socket().getInputStream(), client.socket().getOutputStream(), text).serve();
        } catch (IOException gone) {
            // a client that resets or stays silent ends its own connection and concerns nobody else
            connections.remove(client);
        } finally {
            connections.remove(client);
        }
    }

    private void answerDatagrams(DatagramChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        while (channel.isOpen()) {
            try {
                buffer.clear();
                InetSocketAddress peer = (InetSocketAddress) channel.receive(buffer);
                int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
                String text = text(ownAddress(IpAddress.of(peer.getAddress())), port, peer);
                channel.send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), peer);
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException e) {
                log.accept("datagram: " + e.getMessage());
                pause();
            }
        }
    }

    /// A datagram's own target address is not told by the channel: it is the pod's address of the peer's family.
    private IpAddress ownAddress(IpAddress peer) {
        return addresses.stream()
                .filter(address -> address.family() == peer.family() && !peer.isLoopback())
                .findFirst()
                .orElse(peer);
    }

    private String text(IpAddress own, int port, InetSocketAddress peer) {
        return "pod=" + pod + "\nnode=" + node + "\nip=" + own + "\nport=" + port + "\nclient="
                + IpAddress.of(peer.getAddress()).withPort(peer.getPort()) + "\n";
    }

    /// Keeps a failing socket (no descriptors left, say) from spinning.
    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The bound ports, in the order in which they were declared.
    List<InetSocketAddress> localAddresses() {
        try {
            List<InetSocketAddress> out = new ArrayList<>();
            for (NetworkChannel channel : listening) {
                out.add((InetSocketAddress) channel.getLocalAddress());
            }
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Closes all ports and connections at once.
    @Override
    public void close() {
        listening.forEach(EchoServer::closeQuietly);
        connections.forEach(EchoServer::closeQuietly);
    }

    private static void closeQuietly(NetworkChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("close " + channel, e);
        }
    }
}
