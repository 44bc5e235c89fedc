package dev.fairway.api.http;

import dev.fairway.api.kind.Subresource;
import dev.fairway.api.registry.Refusal;
import dev.fairway.api.security.CertifiedKey;
import dev.fairway.api.security.ClientCertificates;
import dev.fairway.api.security.ServerKeys;
import dev.fairway.api.security.User;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.client.PodAccess;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The API of one node over HTTP: API servers, and nobody else, get the logs of its pods, run commands in them and
/// connect to them.
public final class NodeApi implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeApi.class);

    private static final int SILENCE_SECONDS = 30;
    private static final int ASK_AGAIN_SECONDS = 10;
    private static final int ASK_TIMES = 3;

    private final CertifiedKey key;
    private final List<X509Certificate> authorities;
    private final HttpFront front;

    /// @param node its name, for messages
    /// @param key what it shows
    /// @param authorities who may have certified an API server
    public NodeApi(String node, PodAccess pods, CertifiedKey key, List<X509Certificate> authorities) {
        this.key = key;
        this.authorities = List.copyOf(authorities);
        ClientCertificates certificates = new ClientCertificates(() -> this.authorities, InstantSource.system());
        this.front = new HttpFront(new ForApiServers(certificates, node, pods));
    }

    /// Listens on one more address.
    ///
    /// @param port 0 for any free one
    /// @return the port
    /// @throws IOException when the address cannot be listened on
    public int listen(String address, int port) throws IOException {
        HttpServerOptions options = ListenOptions.of(address, port, () -> key, () -> authorities);
        // An API server whose machine is gone says nothing any more: its commands must not run on for ever.
        options.setTcpKeepAlive(true)
                .setTcpKeepAliveIdleSeconds(SILENCE_SECONDS)
                .setTcpKeepAliveIntervalSeconds(ASK_AGAIN_SECONDS)
                .setTcpKeepAliveCount(ASK_TIMES);
        return front.listen(options);
    }

    private record ForApiServers(ClientCertificates certificates, String node, PodAccess pods) implements Entrance {

        private static final Set<String> METHODS = Set.of("GET", "POST");

        @Override
        public User user(HttpServerRequest request) {
            return Optional.ofNullable(request.sslSession())
                    .flatMap(certificates::user)
                    .orElse(User.ANONYMOUS);
        }

        @Override
        public void pass(Call call, Sender sender) throws InterruptedException {
            sender.send(reply(call));
        }

        private Reply reply(Call call) {
            try {
                requireApiServer(call.user());
                return answer(call);
            } catch (ApiException e) {
                return Answers.error(call, e);
            } catch (RuntimeException e) {
                LOG.error("cannot answer {} {}", call.method(), call.path(), e);
                String text = "node \"" + node + "\" failed to answer; its log says why";
                return Answers.error(call, new ApiException(500, "InternalError", text));
            }
        }

        /// The name alone counts: an administrator asks the API server, which keeps the rules and the audit log.
        private static void requireApiServer(User user) {
            if (user.name().equals(ServerKeys.TO_NODES)) {
                return;
            }
            String wanted = "only API servers are answered here: show a certificate of \"" + ServerKeys.TO_NODES
                    + "\", signed by an authority of this node's kubeconfig";
            throw user.isAnonymous()
                    ? new ApiException(401, "Unauthorized", wanted)
                    : new ApiException(403, "Forbidden", wanted + ", and not one of \"" + user.name() + "\"");
        }

        private Reply answer(Call call) {
            KubeletPath path = KubeletPath.parse(call.path(), call.query());
            if (!METHODS.contains(call.method())
                    || path.verb() == Subresource.LOG && !call.method().equals("GET")) {
                throw Refusal.methodNotAllowed();
            }
            PodTask task = PodTask.read(path.verb(), call.query(), PodTask.Names.OF_KUBELET);
            return new PodStreams(pods, node, path.pod()).answer(call, task);
        }

        @Override
        public void sweep() {
            // Nothing is counted here: the API server does.
        }
    }

    @Override
    public void close() {
        front.close();
    }
}
