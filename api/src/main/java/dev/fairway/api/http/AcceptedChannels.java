package dev.fairway.api.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The connections that a server has accepted, by the client's address. The HTTP library hands a connection over to
/// other protocols only after `GET`; clients ask for SPDY by `POST`, so their connection has to be found another way.
final class AcceptedChannels {

    private final Map<SocketAddress, Channel> channels = new ConcurrentHashMap<>();
    private final io.vertx.core.transport.Transport base = io.vertx.core.transport.Transport.nativeTransport();

    /// The best transport of this machine, which tells this object of each connection.
    io.vertx.core.transport.Transport transport() {
        return new Watched(base, new Listening(base.implementation()));
    }

    /// @param client as a request tells it
    Optional<Channel> find(SocketAddress client) {
        return Optional.ofNullable(channels.get(client));
    }

    private void accepted(Channel channel) {
        SocketAddress client = base.implementation().convert(channel.remoteAddress());
        channels.put(client, channel);
        // A later connection may have the same address already.
        channel.closeFuture().addListener(closed -> channels.remove(client, channel));
    }

    @Sharable
    private final class Acceptor extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Channel channel && channel.remoteAddress() != null) {
                accepted(channel);
            }
            context.fireChannelRead(message);
        }
    }

    private record Watched(io.vertx.core.transport.Transport base, Transport implementation)
            implements io.vertx.core.transport.Transport {
        @Override
        public String name() {
            return base.name();
        }

        @Override
        public boolean available() {
            return base.available();
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return base.unavailabilityCause();
        }
    }

    /// Everything as the wrapped transport has it, and an eye on what servers accept.
    private final class Listening implements Transport {
        private final Transport base;

        Listening(Transport base) {
            this.base = base;
        }

        @Override
        public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
            base.configure(config, domainSocket, bootstrap);
            bootstrap.handler(new Acceptor());
        }

        @Override
        public void configure(TcpConfig config, boolean domainSocket, io.netty.bootstrap.Bootstrap bootstrap) {
            base.configure(config, domainSocket, bootstrap);
        }

        @Override
        public void configure(DatagramChannel channel, io.vertx.core.datagram.DatagramSocketOptions options) {
            base.configure(channel, options);
        }

        @Override
        public boolean supportsDomainSockets() {
            return base.supportsDomainSockets();
        }

        @Override
        public boolean supportFileRegion() {
            return base.supportFileRegion();
        }

        @Override
        public boolean isAvailable() {
            return base.isAvailable();
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return base.unavailabilityCause();
        }

        @Override
        public java.net.SocketAddress convert(SocketAddress address) {
            return base.convert(address);
        }

        @Override
        public SocketAddress convert(java.net.SocketAddress address) {
            return base.convert(address);
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return base.ioHandlerFactory();
        }

        @Override
        @SuppressWarnings("deprecation") // the interface has no other form
        public DatagramChannel datagramChannel(InternetProtocolFamily family) {
            return base.datagramChannel(family);
        }

        @Override
        public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
            return base.datagramChannelFactory();
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            return base.channelFactory(domainSocket);
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            return base.serverChannelFactory(domainSocket);
        }
    }
}
