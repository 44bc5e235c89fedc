package dev.fairway.dns;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TableFeed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The DNS server of one node: UDP and TCP inside a network namespace, the cluster's names from the newest table, all
/// others from upstream. Before the first table the cluster's names are answered SERVFAIL, never denied.
public final class DnsServer implements AutoCloseable {

    /// Questions that may wait for upstream servers at one time; more are refused.
    static final int MAX_WAITING = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(DnsServer.class);

    private final TableFeed feed;
    private final SocketExchange exchange;
    private final Responder responder;
    private final List<AutoCloseable> listeners = new ArrayList<>();
    private final Thread loop;
    private volatile Zone zone;

    private DnsServer(List<IpAddress> listen, TableFeed feed, DnsSettings settings, NetworkNamespace upstreamFrom) {
        this.feed = feed;
        this.exchange = new SocketExchange(upstreamFrom);
        this.zone = Zone.empty(new ZoneSettings(DnsName.parse(settings.domain()), listen, settings.reverseRanges()));
        this.responder = new Responder(
                listen.isEmpty() ? this::upToDate : () -> zone,
                new Forwarder(settings.upstreams(), exchange, System::nanoTime));
        this.loop = Thread.ofVirtual().name("dns-zone").unstarted(this::followTables);
    }

    /// `start` with upstream servers asked from the same namespace.
    public static DnsServer start(
            NetworkNamespace namespace, List<IpAddress> listen, int port, TableFeed feed, DnsSettings settings) {
        return start(namespace, listen, port, feed, settings, namespace);
    }

    /// Opens the sockets and starts to answer.
    ///
    /// @param listen addresses that the namespace has; they are also the address of the zone's name server
    /// @param upstreamFrom the namespace that can reach the upstream servers, such as the machine's own
    /// @throws UncheckedIOException when an address cannot be bound
    /// @throws IllegalArgumentException when the domain is no domain name
    public static DnsServer start(
            NetworkNamespace namespace,
            List<IpAddress> listen,
            int port,
            TableFeed feed,
            DnsSettings settings,
            NetworkNamespace upstreamFrom) {
        DnsServer server = new DnsServer(listen, feed, settings, upstreamFrom);
        try {
            Semaphore slots = new Semaphore(MAX_WAITING);
            for (IpAddress address : listen) {
                InetSocketAddress socketAddress = new InetSocketAddress(address.toInetAddress(), port);
                server.listeners.add(new UdpListener(openUdp(namespace, socketAddress), server.responder, slots));
                server.listeners.add(new TcpListener(openTcp(namespace, socketAddress), server.responder, slots));
            }
            if (!listen.isEmpty()) {
                server.loop.start();
            }
            return server;
        } catch (UncheckedIOException e) {
            server.close();
            throw e;
        }
    }

    private static DatagramChannel openUdp(NetworkNamespace namespace, InetSocketAddress address) {
        try {
            return namespace.call(() -> {
                DatagramChannel channel = DatagramChannel.open(family(address));
                return bound(channel, () -> channel.bind(address));
            });
        } catch (IOException e) {
            throw new UncheckedIOException("listen for DNS on udp " + address + " in namespace " + namespace, e);
        }
    }

    private static ServerSocketChannel openTcp(NetworkNamespace namespace, InetSocketAddress address) {
        try {
            return namespace.call(() -> {
                ServerSocketChannel channel = ServerSocketChannel.open(family(address));
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                return bound(channel, () -> channel.bind(address));
            });
        } catch (IOException e) {
            throw new UncheckedIOException("listen for DNS on tcp " + address + " in namespace " + namespace, e);
        }
    }

    @FunctionalInterface
    private interface Binding {
        Object bind() throws IOException;
    }

    private static <C extends AutoCloseable & java.nio.channels.Channel> C bound(C channel, Binding binding)
            throws IOException {
        try {
            binding.bind();
            return channel;
        } catch (IOException e) {
            ((java.nio.channels.Channel) channel).close();
            throw e;
        }
    }

    private static ProtocolFamily family(InetSocketAddress address) {
        return address.getAddress().getAddress().length == 4
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6;
    }

    private void followTables() {
        long revision = 0;
        try {
            while (true) {
                ServiceTable table = feed.awaitNewer(revision);
                revision = table.revision();
                follow(table);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /// Where nobody asks over the network, few questions come, and the zone is made when one does.
    private synchronized Zone upToDate() {
        ServiceTable table = feed.latest();
        if (table.revision() > zone.revision()) {
            follow(table);
        }
        return zone;
    }

    private void follow(ServiceTable table) {
        try {
            zone = zone.next(table);
        } catch (RuntimeException e) {
            LOG.error("compile DNS zone of table {}; the names of table {} stay", table.revision(), zone.revision(), e);
        }
    }

    /// The revision of the table whose names are answered; 0 before the first.
    public long revision() {
        return zone.revision();
    }

    /// The answer to one question, without a socket, as any client would get it. Blocks while upstream is asked.
    ///
    /// @param name with or without the root's dot
    /// @throws IllegalArgumentException when it is no domain name
    public Answer localAnswer(String name, RecordType type) {
        return responder.answer(Question.of(DnsName.parse(name), type));
    }

    /// Resolves external names from this node, cluster names included.
    public UpstreamResolver resolver() {
        return new UpstreamResolver(responder::answer);
    }

    /// Stops answering and closes all sockets.
    @Override
    public void close() {
        loop.interrupt();
        List<AutoCloseable> all = new ArrayList<>(listeners);
        all.add(exchange);
        for (AutoCloseable each : all) {
            try {
                each.close();
            } catch (Exception e) {
                LOG.warn("close a DNS socket", e);
            }
        }
    }
}
