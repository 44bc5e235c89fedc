package dev.fairway.app.server;

import dev.fairway.api.NodeEndpoint;
import dev.fairway.api.security.CertifiedKey;
import dev.fairway.client.RemoteApiClient;
import dev.fairway.node.NodeAgent;
import dev.fairway.node.NodePart;
import dev.fairway.node.NodeSpec;
import dev.fairway.schema.KubeletEndpoint;
import dev.fairway.schema.client.ApiClient;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node's part of this process, and where API servers reach its pods.
///
/// @param endpoint empty when it has no pods, or nobody is to ask for them
record RunningNode(NodePart part, Optional<NodeEndpoint> endpoint) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunningNode.class);

    /// A whole node.
    ///
    /// @param port where it answers for its pods; 0 for nowhere
    /// @throws IOException when that port cannot be listened on
    static RunningNode whole(NodeSpec spec, int port, ApiClient forServices, RemoteApiClient client)
            throws IOException {
        if (port > 0 && !client.authorities().isEmpty()) {
            return reached(endpoint(spec, port, client), spec, forServices, client);
        }
        if (port > 0) {
            LOG.warn(
                    "node {}: the kubeconfig names no certificate-authority by which API servers could be known, so"
                            + " logs, exec, attach and port-forward do not reach its pods",
                    spec.name());
        }
        return new RunningNode(NodeAgent.start(spec, forServices, client), Optional.empty());
    }

    /// Its certificate is made anew at each start: it is known by what the node's Node says, and only this node's
    /// credential may write that.
    private static NodeEndpoint.Config endpoint(NodeSpec spec, int port, RemoteApiClient client) {
        List<String> addresses =
                spec.insideAddresses().stream().map(Object::toString).toList();
        TreeSet<String> names = new TreeSet<>(addresses);
        names.add(spec.name());
        CertifiedKey key = CertifiedKey.alone("system:node:" + spec.name(), names, Instant.now());
        return new NodeEndpoint.Config(spec.name(), addresses, port, key, client.authorities());
    }

    private static RunningNode reached(
            NodeEndpoint.Config endpoint, NodeSpec spec, ApiClient forServices, ApiClient client) throws IOException {
        KubeletEndpoint announced =
                new KubeletEndpoint(endpoint.port(), endpoint.key().fingerprint());
        NodeAgent agent = NodeAgent.start(spec.reachedAt(announced), forServices, client);
        try {
            return new RunningNode(agent, Optional.of(NodeEndpoint.start(endpoint, agent)));
        } catch (IOException | RuntimeException e) {
            agent.leave();
            throw e;
        }
    }

    @Override
    public void close() {
        endpoint.ifPresent(NodeEndpoint::close);
        part.leave();
    }
}
