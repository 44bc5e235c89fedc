package dev.fairway.api.proxy;

import dev.fairway.address.IpAddress;
import dev.fairway.api.kind.Kind;
import dev.fairway.api.registry.Registry;
import dev.fairway.api.security.CertifiedKey;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.KubeletEndpoint;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;
import tools.jackson.databind.node.ObjectNode;

/// The ways to nodes that are processes of their own. A node says in its Node at which port it answers, and by which
/// certificate it is known; it knows this server by the server's certificate.
public final class NodeWays {

    private static final int CONNECT_MILLIS_MAX = 3_000;

    /// A node whose machine is gone says nothing any more: so long a stream to it lasts.
    private static final int SILENCE_SECONDS = 10;

    private static final int ASK_AGAIN_SECONDS = 5;
    private static final int ASK_TIMES = 3;

    private final Registry registry;
    private final Supplier<CertifiedKey> own;

    /// @param own by what nodes know this server, asked for at each connection
    public NodeWays(Registry registry, Supplier<CertifiedKey> own) {
        this.registry = registry;
        this.own = own;
    }

    /// @throws ApiException 503 when there is no such Node, or it does not say where it answers
    public Backend find(String node) {
        ObjectNode object;
        try {
            object = registry.get(Kind.of(Resource.NODES), "", node);
        } catch (ApiException e) {
            throw e.isNotFound() ? unavailable("there is no Node \"" + node + "\" (any more)") : e;
        }
        KubeletEndpoint endpoint = KubeletEndpoint.of(object)
                .orElseThrow(() -> unavailable("node \"" + node + "\" does not say where it answers for its pods (its"
                        + " Node has no status.daemonEndpoints.kubeletEndpoint, or no annotation "
                        + KubeletEndpoint.CERTIFICATE + "): pods of `fairway node --pods` are reached, of `fairway up`"
                        + " only through the API server of that process"));
        List<IpAddress> addresses = addresses(object);
        if (addresses.isEmpty()) {
            throw unavailable("node \"" + node + "\" has no address in its status: give it one by --node-ip");
        }
        return new Backend(Optional.of(() -> trusting(endpoint)), () -> connect(addresses, endpoint.port()));
    }

    private static ApiException unavailable(String text) {
        return new ApiException(503, "ServiceUnavailable", text);
    }

    /// Those inside the cluster first.
    private static List<IpAddress> addresses(ObjectNode node) {
        return Stream.of("InternalIP", "ExternalIP")
                .flatMap(type -> Tree.objects(node, "status", "addresses").stream()
                        .filter(address -> Tree.text(address, "type").equals(type)))
                .flatMap(address -> IpAddress.tryParse(Tree.text(address, "address")).stream())
                .toList();
    }

    private SslContext trusting(KubeletEndpoint endpoint) throws IOException {
        CertifiedKey key = own.get();
        return SslContextBuilder.forClient()
                .keyManager(key.key(), key.certificate())
                .trustManager(new KnownByFingerprint(endpoint.certificate()))
                .endpointIdentificationAlgorithm("")
                .build();
    }

    /// @throws IOException with what was tried
    private static SocketChannel connect(List<IpAddress> addresses, int port) throws IOException {
        List<String> tried = new ArrayList<>();
        for (IpAddress address : addresses) {
            SocketChannel socket = SocketChannel.open();
            try {
                InetAddress literal = InetAddress.ofLiteral(address.toString());
                socket.socket().connect(new InetSocketAddress(literal, port), CONNECT_MILLIS_MAX);
                noticeSilence(socket);
                return socket;
            } catch (IOException e) {
                socket.close();
                tried.add(address.withPort(port) + ": " + e.getMessage());
            }
        }
        throw new IOException(String.join(", ", tried));
    }

    private static void noticeSilence(SocketChannel socket) throws IOException {
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true)
                .setOption(ExtendedSocketOptions.TCP_KEEPIDLE, SILENCE_SECONDS)
                .setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, ASK_AGAIN_SECONDS)
                .setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, ASK_TIMES);
    }
}
