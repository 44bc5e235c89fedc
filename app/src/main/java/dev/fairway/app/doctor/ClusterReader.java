package dev.fairway.app.doctor;

import dev.fairway.address.IpAddress;
import dev.fairway.api.security.CertificateAuthority;
import dev.fairway.app.StateFolder;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.config.ClusterConfig.NodeConfig;
import dev.fairway.app.doctor.ClusterFacts.ApiTrouble;
import dev.fairway.app.doctor.ClusterFacts.DnsAnswer;
import dev.fairway.app.doctor.ClusterFacts.Health;
import dev.fairway.app.doctor.ClusterFacts.NodeFacts;
import dev.fairway.app.doctor.ClusterFacts.StrangeTable;
import dev.fairway.dns.Answer;
import dev.fairway.dns.DnsName;
import dev.fairway.dns.Inquiry;
import dev.fairway.dns.Inquiry.Transport;
import dev.fairway.dns.Rcode;
import dev.fairway.dns.Upstream;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Times;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.Selection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// Reads the facts of a one-machine cluster: from its API, from its keys, and by asking in the nodes' namespaces.
public final class ClusterReader {

    private static final int HEALTH_PORT = 10256;
    private static final int PATIENCE_MILLIS = 1500;
    private static final String NO_NAME = Rcode.NXDOMAIN.name();
    private static final String FOUND = Rcode.NOERROR.name() + " with an answer";
    private static final String LEASES = "kube-node-lease";
    /// Tables of the cluster itself.
    private static final Pattern OURS = Pattern.compile("ip6? fairway(-.*)?");

    private final ClusterConfig config;
    private final ApiClient client;
    private final Instant now;

    private ClusterReader(ClusterConfig config, ApiClient client, Instant now) {
        this.config = config;
        this.client = client;
        this.now = now;
    }

    /// What is known of a cluster whose API does not answer.
    ///
    public static ClusterFacts unreachable(ApiTrouble trouble, StateFolder state, Instant now) {
        return new ClusterFacts(
                now, option(state), Optional.of(trouble), new TreeMap<>(), new TreeMap<>(), List.of(), true, List.of());
    }

    private static String option(StateFolder state) {
        return state.equals(StateFolder.of(Optional.empty())) ? "" : " --state " + state.root();
    }

    /// @throws IOException when the keys cannot be read
    public static ClusterFacts read(ClusterConfig config, StateFolder state, ApiClient client, Instant now)
            throws IOException {
        ClusterReader reader = new ClusterReader(config, client, now);
        SortedMap<String, Instant> certificates = new TreeMap<>();
        CertificateAuthority.certificates(state.keys())
                .forEach((name, certificate) ->
                        certificates.put(name, certificate.getNotAfter().toInstant()));
        return new ClusterFacts(
                now,
                option(state),
                Optional.empty(),
                certificates,
                reader.nodes(),
                reader.pending(),
                !config.loadBalancerPools().isEmpty(),
                reader.dns());
    }

    private SortedMap<String, NodeFacts> nodes() {
        SortedMap<String, NodeFacts> out = new TreeMap<>();
        for (ObjectNode node : client.list(Resource.NODES, "", Selection.ALL).items()) {
            Optional<ObjectNode> ready = Tree.objects(node, "status", "conditions").stream()
                    .filter(condition -> Tree.text(condition, "type").equals("Ready"))
                    .findFirst();
            out.put(
                    Meta.name(node),
                    new NodeFacts(
                            ready.map(it -> Tree.text(it, "status").equals("True"))
                                    .orElse(false),
                            ready.map(it -> Tree.text(it, "message")).orElse("it has no condition Ready"),
                            silence(Meta.name(node), ready),
                            namespace(Meta.name(node)).map(ClusterReader::health),
                            namespace(Meta.name(node))
                                    .map(ClusterReader::strangers)
                                    .orElse(List.of())));
        }
        return out;
    }

    /// Nodes renew a lease; those without one write their condition.
    private Optional<Duration> silence(String node, Optional<ObjectNode> ready) {
        Optional<Instant> renewed =
                client.get(Resource.LEASES, LEASES, node).flatMap(lease -> Times.find(lease, "spec", "renewTime"));
        Optional<Instant> written = ready.flatMap(it -> Times.find(it, "lastHeartbeatTime"));
        return renewed.or(() -> written).map(heard -> Duration.between(heard, now));
    }

    private Optional<NetworkNamespace> namespace(String node) {
        return NetworkNamespace.find(config.name() + "-" + node);
    }

    private static List<StrangeTable> strangers(NetworkNamespace namespace) {
        try (NftConnection nft = NftConnection.open(namespace)) {
            return nft.tables().stream()
                    .filter(table -> !OURS.matcher(table).matches())
                    .map(table -> new StrangeTable(namespace.name(), table))
                    .toList();
        } catch (KernelException gone) {
            return List.of();
        }
    }

    private static Health health(NetworkNamespace namespace) {
        try {
            String line = namespace.<String, IOException>call(() -> {
                try (Socket socket = new Socket()) {
                    socket.setSoTimeout(PATIENCE_MILLIS);
                    socket.connect(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), HEALTH_PORT), PATIENCE_MILLIS);
                    socket.getOutputStream().write("GET /healthz HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    return answer.lines().findFirst().orElse("");
                }
            });
            return line.contains(" 200 ") ? Health.GOOD : new Health("its health port says " + line);
        } catch (IOException e) {
            return new Health("its health port does not answer: " + e.getMessage());
        }
    }

    private List<String> pending() {
        return client.list(Resource.SERVICES, "", Selection.ALL).items().stream()
                .filter(service -> Tree.text(service, "spec", "type").equals("LoadBalancer"))
                .filter(service ->
                        Tree.text(service, "spec", "loadBalancerClass").isEmpty())
                .filter(service -> Tree.objects(service, "status", "loadBalancer", "ingress")
                        .isEmpty())
                .map(Meta::key)
                .map(ObjectKey::toString)
                .toList();
    }

    private List<DnsAnswer> dns() {
        String domain = config.dns().domain();
        DnsName missing = DnsName.parse("no-such-name.default.svc." + domain);
        DnsName there = DnsName.parse("kubernetes.default.svc." + domain);
        List<DnsAnswer> out = new ArrayList<>();
        for (NodeConfig node : config.nodes()) {
            for (IpAddress server : config.dns().addresses()) {
                for (Transport transport : Transport.values()) {
                    namespace(node.name()).ifPresent(from -> {
                        String here = node.name() + ", " + server + " over " + transport.name() + ", ";
                        out.add(new DnsAnswer(here + missing, NO_NAME, ask(from, server, transport, missing)));
                        if (server.family().equals(config.families().getFirst())) {
                            out.add(new DnsAnswer(here + there, FOUND, ask(from, server, transport, there)));
                        }
                    });
                }
            }
        }
        return out;
    }

    private static String ask(NetworkNamespace from, IpAddress server, Transport transport, DnsName name) {
        try {
            Answer answer = Inquiry.addresses(from, Upstream.of(server), transport, name, PATIENCE_MILLIS);
            return answer.rcode().name() + (answer.answers().isEmpty() ? "" : " with an answer");
        } catch (IOException e) {
            return "no answer: " + e.getMessage();
        }
    }
}
