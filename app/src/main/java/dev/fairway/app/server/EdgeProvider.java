package dev.fairway.app.server;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.balancer.EdgeBalancer;
import dev.fairway.balancer.EdgeNode;
import dev.fairway.balancer.LoadBalancer;
import dev.fairway.balancer.PortForward;
import dev.fairway.balancer.Probe;
import dev.fairway.control.loadbalancer.LoadBalancerProvider;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.table.Protocol;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Joins the load balancer controller to the edge.
///
/// After a restart the edge keeps what it finds until every Service that had an address was asked for again; only then
/// is what nobody wants any more taken away.
final class EdgeProvider implements LoadBalancerProvider, AutoCloseable {

    private final EdgeBalancer edge;
    private final Set<String> awaited;

    private EdgeProvider(EdgeBalancer edge, Set<String> awaited) {
        this.edge = edge;
        this.awaited = awaited;
    }

    static EdgeProvider start(NetworkNamespace namespace, List<Cidr> pools, ApiClient client) {
        Set<String> awaited = new TreeSet<>();
        client.list(Resource.SERVICES, "", Selection.ALL).items().stream()
                .filter(service -> Tree.has(service, "status", "loadBalancer", "ingress"))
                .map(Meta::key)
                .map(ObjectKey::toString)
                .forEach(awaited::add);
        EdgeProvider provider = new EdgeProvider(EdgeBalancer.start(namespace, pools, Probe.healthz()), awaited);
        provider.settle("");
        return provider;
    }

    @Override
    public String loadBalancerClass() {
        return "fairway.dev/edge";
    }

    @Override
    public Assigned ensure(Request request) {
        edge.setNodes(request.nodes().stream()
                .filter(BalancedNode::ready)
                .map(node -> new EdgeNode(node.name(), node.outsideAddresses()))
                .toList());
        String name = request.namespace() + "/" + request.name();
        List<PortForward> ports = request.ports().stream()
                .filter(port -> port.nodePort() != 0)
                .map(port -> new PortForward(Protocol.valueOf(port.protocol()), port.port(), port.nodePort()))
                .toList();
        List<IpAddress> addresses = edge.ensure(new LoadBalancer(
                name,
                request.families(),
                request.wantedAddresses(),
                ports,
                request.sourceRanges(),
                request.healthCheckNodePort()));
        settle(name);
        return new Assigned(addresses);
    }

    @Override
    public void release(String namespace, String name, String uid) {
        edge.release(namespace + "/" + name);
        settle(namespace + "/" + name);
    }

    private synchronized void settle(String done) {
        awaited.remove(done);
        if (awaited.isEmpty()) {
            edge.settle();
        }
    }

    @Override
    public void close() {
        edge.close();
    }
}
