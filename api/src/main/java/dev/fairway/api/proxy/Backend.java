package dev.fairway.api.proxy;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.util.Optional;

/// Where a request is passed on to.
///
/// @param tls how TLS is spoken to it; empty for plain HTTP
/// @param connector opens a connection to it
public record Backend(Optional<Tls> tls, Connector connector) {

    /// Who it is, is not checked: the way to it leads through its own node.
    private static final Tls UNVERIFIED = () -> SslContextBuilder.forClient()
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm("")
            .build();

    /// Opens one connection.
    public interface Connector {
        ByteChannel connect() throws IOException;
    }

    /// What a client of TLS shows and whom it trusts.
    public interface Tls {
        SslContext context() throws IOException;
    }

    /// A server of a pod or of a node.
    public static Backend of(boolean tls, Connector connector) {
        return new Backend(tls ? Optional.of(UNVERIFIED) : Optional.empty(), connector);
    }
}
