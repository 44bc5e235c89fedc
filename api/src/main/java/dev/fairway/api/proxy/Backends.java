package dev.fairway.api.proxy;

import dev.fairway.api.NodeDirectory;
import dev.fairway.api.kind.Kind;
import dev.fairway.api.registry.ListQuery;
import dev.fairway.api.registry.Refusal;
import dev.fairway.api.registry.Registry;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.schema.client.PodAccess;
import dev.fairway.schema.client.PodAccess.PodRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ObjectNode;

/// Finds what a proxy path stands for (upstream `pkg/registry/core/{pod,service,node}`). Pods and nodes are reached
/// through the node's agent: the API server itself need not be in their network.
public final class Backends {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /// Where a node answers health checks.
    private static final int NODE_PORT = 10_256;

    private final Registry registry;
    private final NodeDirectory nodes;
    private final RandomGenerator random;

    public Backends(Registry registry, NodeDirectory nodes, RandomGenerator random) {
        this.registry = registry;
        this.nodes = nodes;
        this.random = random;
    }

    /// The pod, on the port asked for, else the first port that a container names, else the scheme's.
    ///
    /// @throws ApiException 404 for no such pod, 400 for one without an address, 503 for a node out of reach
    public Backend pod(String namespace, ProxyName name) {
        ObjectNode pod = registry.get(Kind.of(Resource.PODS), namespace, name.name());
        if (Tree.text(pod, "status", "podIP").isEmpty()) {
            throw Refusal.badRequest("pod " + Meta.key(pod) + " has no address yet");
        }
        int port = name.port().isEmpty() ? firstPort(pod, name.isTls()) : number(name.port());
        return podBackend(pod, port, name.isTls());
    }

    private static int firstPort(ObjectNode pod, boolean tls) {
        int usual = tls ? HTTPS_PORT : HTTP_PORT;
        return Tree.objects(pod, "spec", "containers").stream()
                .flatMap(container -> Tree.objects(container, "ports").stream())
                .map(port -> (int) Tree.number(port, usual, "containerPort"))
                .findFirst()
                .orElse(usual);
    }

    private static int number(String text) {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) > 0 && Integer.parseInt(text) < 65_536) {
            return Integer.parseInt(text);
        }
        throw Refusal.badRequest("\"" + text + "\" is not a port number");
    }

    private Backend podBackend(ObjectNode pod, int port, boolean tls) {
        PodAccess node = node(Tree.text(pod, "spec", "nodeName"));
        PodRef ref = new PodRef(Meta.namespace(pod), Meta.name(pod), Meta.uid(pod), "");
        return Backend.of(tls, () -> node.connect(ref, port));
    }

    private PodAccess node(String name) {
        return nodes.node(name)
                .orElseThrow(() -> new ApiException(
                        503,
                        "ServiceUnavailable",
                        "node \"" + name + "\" is not of this server's own process, and proxy paths lead to no other:"
                                + " kubectl port-forward reaches its pods"));
    }

    /// The node itself.
    ///
    /// @throws ApiException 404 for no such node, 503 for one that cannot be reached
    public Backend node(ProxyName name) {
        registry.get(Kind.of(Resource.NODES), "", name.name());
        PodAccess node = node(name.name());
        int port = name.port().isEmpty() ? NODE_PORT : number(name.port());
        return Backend.of(name.isTls(), () -> node.connectToNode(port));
    }

    /// A random ready pod behind the Service that has the port.
    ///
    /// @param id the name as it was asked for
    /// @throws ApiException 404 for no such Service, 503 for no such port or no pod
    public Backend service(String namespace, ProxyName name, String id) {
        ObjectNode service = registry.get(Kind.of(Resource.SERVICES), namespace, name.name());
        String port = portName(service, name);
        List<Candidate> candidates = candidates(namespace, name.name(), port);
        while (!candidates.isEmpty()) {
            Candidate chosen = candidates.remove(random.nextInt(candidates.size()));
            Optional<ObjectNode> pod = pod(namespace, chosen);
            if (pod.isPresent()) {
                return podBackend(pod.get(), chosen.port(), name.isTls());
            }
        }
        throw new ApiException(503, "ServiceUnavailable", "no endpoints available for service \"" + id + "\"");
    }

    /// A port of the Service by its name, or by its number.
    private static String portName(ObjectNode service, ProxyName name) {
        if (!name.port().matches("[0-9]{1,9}")) {
            return name.port();
        }
        long number = Long.parseLong(name.port());
        return Tree.objects(service, "spec", "ports").stream()
                .filter(port -> Tree.number(port, 0, "port") == number)
                .map(port -> Tree.text(port, "name"))
                .findFirst()
                .orElseThrow(() -> new ApiException(
                        503,
                        "ServiceUnavailable",
                        "no service port " + number + " found for service \"" + name.name() + "\""));
    }

    private record Candidate(String pod, String address, int port) {}

    private List<Candidate> candidates(String namespace, String service, String portName) {
        Selection ofService = new Selection("kubernetes.io/service-name=" + service, "");
        List<Candidate> out = new ArrayList<>();
        for (ObjectNode slice : registry.list(Kind.of(Resource.ENDPOINT_SLICES), ListQuery.of(namespace, ofService))
                .items()) {
            Tree.objects(slice, "ports").stream()
                    .filter(port -> Tree.text(port, "name").equals(portName) && Tree.has(port, "port"))
                    .forEach(port -> add(slice, (int) Tree.number(port, 0, "port"), out));
        }
        return out;
    }

    private static void add(ObjectNode slice, int port, List<Candidate> into) {
        for (ObjectNode endpoint : Tree.objects(slice, "endpoints")) {
            boolean pod = Tree.text(endpoint, "targetRef", "kind").equals("Pod");
            boolean ready = !Tree.has(endpoint, "conditions", "ready") || Tree.flag(endpoint, "conditions", "ready");
            if (pod && ready) {
                String address =
                        Tree.texts(endpoint, "addresses").stream().findFirst().orElse("");
                into.add(new Candidate(Tree.text(endpoint, "targetRef", "name"), address, port));
            }
        }
    }

    /// The pod, if it still has the address: whoever may write slices must not reach other pods by them.
    private Optional<ObjectNode> pod(String namespace, Candidate candidate) {
        try {
            ObjectNode pod = registry.get(Kind.of(Resource.PODS), namespace, candidate.pod());
            boolean has = Tree.text(pod, "status", "podIP").equals(candidate.address())
                    || Tree.objects(pod, "status", "podIPs").stream()
                            .anyMatch(ip -> Tree.text(ip, "ip").equals(candidate.address()));
            return has ? Optional.of(pod) : Optional.empty();
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
