package dev.fairway.api;

import dev.fairway.api.http.NodeApi;
import dev.fairway.api.security.CertifiedKey;
import dev.fairway.schema.KubeletEndpoint;
import dev.fairway.schema.client.PodAccess;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;

/// Where a node that is a process of its own answers API servers for its pods, with the paths of kubelet.
public final class NodeEndpoint implements AutoCloseable {

    private final NodeApi http;
    private final int port;
    private final CertifiedKey key;

    private NodeEndpoint(Config config, PodAccess pods) throws IOException {
        this.key = config.key;
        this.http = new NodeApi(config.node, pods, key, config.authorities);
        try {
            int taken = config.port;
            for (String address : config.addresses) {
                taken = http.listen(address, taken);
            }
            this.port = taken;
        } catch (IOException | RuntimeException e) {
            http.close();
            throw e;
        }
    }

    /// @param node its name
    /// @param addresses to listen on
    /// @param port 0 for any free one
    /// @param key what it shows to API servers, which know it by the fingerprint
    /// @param authorities who may have certified an API server
    public record Config(
            String node, List<String> addresses, int port, CertifiedKey key, List<X509Certificate> authorities) {
        public Config {
            addresses = List.copyOf(addresses);
            authorities = List.copyOf(authorities);
        }
    }

    /// Answers from the moment it returns.
    ///
    /// @throws IOException naming the address, when it cannot be listened on
    public static NodeEndpoint start(Config config, PodAccess pods) throws IOException {
        return new NodeEndpoint(config, pods);
    }

    /// What the node's Node must tell.
    public KubeletEndpoint announcement() {
        return new KubeletEndpoint(port, key.fingerprint());
    }

    @Override
    public void close() {
        http.close();
    }
}
