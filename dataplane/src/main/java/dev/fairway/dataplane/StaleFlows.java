package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.dataplane.ServicePlan.FrontendAt;
import dev.fairway.kernel.conntrack.Flow;
import dev.fairway.table.Frontend;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which UDP flows lead where nobody serves any more. UDP has no end that the kernel could see, so a client that sends
/// on would reach the endpoint that it got first for ever; TCP connections end by themselves.
///
/// The rule is kube-proxy's (`pkg/proxy/conntrack`): a flow to a frontend must be answered by an endpoint that serves,
/// chosen for new flows or not. So flows that were sent to a frontend before it had any endpoint are stale as well.
final class StaleFlows {

    private record At(IpAddress address, int port) {}

    private record NodePort(IpFamily family, int port) {}

    private final NodeAddresses addresses;
    private final Map<At, Set<At>> serving = new HashMap<>();
    private final Map<NodePort, Set<At>> nodePorts = new HashMap<>();
    private final Set<At> gone = new HashSet<>();
    private final Set<NodePort> goneNodePorts = new HashSet<>();

    private StaleFlows(NodeAddresses addresses) {
        this.addresses = addresses;
    }

    /// Looks at the Services that differ; at all of them when it is not known what was before.
    static StaleFlows between(Ruleset before, Ruleset wanted, NodeAddresses addresses) {
        StaleFlows flows = new StaleFlows(addresses);
        List<ServicePlan> stays = new ArrayList<>();
        before.planDifferences(wanted, (was, is) -> {
            was.ifPresent(plan -> flows.collect(plan, false));
            is.ifPresent(stays::add);
        });
        stays.forEach(plan -> flows.collect(plan, true)); // last: a frontend may have moved to a Service before
        return flows;
    }

    private void collect(ServicePlan plan, boolean stays) {
        if (plan.entry().forwarded()) {
            for (PortEntry port : plan.entry().ports()) {
                if (port.protocol() == Protocol.UDP) {
                    collect(plan, port, stays);
                }
            }
        }
    }

    private void collect(ServicePlan plan, PortEntry port, boolean stays) {
        Set<At> ends = new HashSet<>();
        port.serving().forEach(backend -> ends.add(new At(backend.address(), backend.port())));
        for (Frontend frontend : port.frontends()) {
            FrontendAt at = new FrontendAt(frontend, Protocol.UDP);
            if (!plan.lost().contains(at)) {
                switch (at.frontend()) {
                    case Frontend.NodePort(IpFamily family, int number) ->
                        put(new NodePort(family, number), ends, stays, nodePorts, goneNodePorts);
                    case Frontend.ClusterIp(IpAddress address, int number) ->
                        put(new At(address, number), ends, stays, serving, gone);
                    case Frontend.LoadBalancer _, Frontend.ExternalIp _, Frontend.Mapped _ ->
                        throw new IllegalStateException(at + " is told by its address alone");
                }
            }
        }
    }

    private static <K> void put(K key, Set<At> ends, boolean stays, Map<K, Set<At>> serving, Set<K> gone) {
        if (stays) {
            serving.put(key, ends);
            gone.remove(key);
        } else {
            gone.add(key);
        }
    }

    /// The families in which there can be any.
    Set<IpFamily> families() {
        Set<IpFamily> families = new TreeSet<>();
        serving.keySet().forEach(at -> families.add(at.address().family()));
        gone.forEach(at -> families.add(at.address().family()));
        nodePorts.keySet().forEach(port -> families.add(port.family()));
        goneNodePorts.forEach(port -> families.add(port.family()));
        return families;
    }

    /// Whether nobody who serves answers the flow.
    boolean contains(Flow flow) {
        At sentTo = new At(flow.original().destination(), flow.original().destinationPort());
        At answers = new At(flow.reply().source(), flow.reply().sourcePort());
        if (serving.containsKey(sentTo) || gone.contains(sentTo)) {
            return isStale(Optional.ofNullable(serving.get(sentTo)), answers, flow);
        }
        NodePort port = new NodePort(sentTo.address().family(), sentTo.port());
        boolean ofNode = addresses.nodePorts().contains(sentTo.address());
        return ofNode
                && (nodePorts.containsKey(port) || goneNodePorts.contains(port))
                && isStale(Optional.ofNullable(nodePorts.get(port)), answers, flow);
    }

    /// @param ends who serves the frontend; empty when it is a frontend no longer. Then only what was translated is
    ///     stale: something else may answer there now
    private static boolean isStale(Optional<Set<At>> ends, At answers, Flow flow) {
        return ends.map(serving -> !serving.contains(answers)).orElseGet(() -> !flow.isUntranslated());
    }
}
