package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import dev.fairway.dataplane.Block.ElementAt;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Value;
import dev.fairway.table.TrafficPolicy.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Makes the kernel forget clients' endpoints that are endpoints no longer, or not for them.
final class Affinity {

    /// Where the key of an affinity element has the frontend: address, protocol, port.
    private static final int FRONTEND_FROM = 1;

    private final NodeAddresses addresses;
    private final Set<Learned> allowed = new HashSet<>();
    /// Frontends with endpoints of their own for clients outside.
    private final Set<Frontend> split = new HashSet<>();

    private record Frontend(Layout layout, List<Value> key) {}

    private record Learned(Frontend frontend, Scope scope, Element.Mapped endpoint) {}

    private Affinity(NodeAddresses addresses) {
        this.addresses = addresses;
    }

    /// Whether what the kernel has learned can have become wrong.
    static boolean touched(Ruleset before, Ruleset wanted) {
        if (before.addresses().isEmpty()) {
            return true;
        }
        List<ServicePlan> sticky = new ArrayList<>();
        before.planDifferences(
                wanted,
                (was, is) -> Stream.concat(was.stream(), is.stream())
                        .filter(Affinity::isSticky)
                        .forEach(sticky::add));
        return !sticky.isEmpty();
    }

    private static boolean isSticky(ServicePlan plan) {
        return plan.entry().affinitySeconds() > 0;
    }

    /// Removals of what the kernel has learned and `wanted` does not allow. Elements may expire before the commit, so
    /// they need not be there any more.
    static List<NftCommand> forget(NftConnection nft, NodeAddresses addresses, Ruleset have, Ruleset wanted) {
        Affinity affinity = new Affinity(addresses);
        wanted.plans().stream().filter(Affinity::isSticky).forEach(affinity::allow);
        List<NftCommand> commands = new ArrayList<>();
        for (Layout layout : Layout.ALL) {
            if (have.outline().has(layout.affinity())) {
                List<Element.Key> stale = nft.readElements(layout.affinity()).stream()
                        .filter(element -> !affinity.allows(layout, element))
                        .map(Element::key)
                        .toList();
                if (!stale.isEmpty()) {
                    commands.add(new NftCommand.RemoveElements(layout.affinity(), stale));
                }
            }
        }
        return commands;
    }

    private boolean allows(Layout layout, Element element) {
        List<Value> key = element.key().values();
        Frontend frontend = new Frontend(layout, key.subList(FRONTEND_FROM, key.size()));
        return scopes(frontend, ((Value.Address) key.getFirst()).address())
                .anyMatch(scope -> allowed.contains(new Learned(frontend, scope, element.data())));
    }

    private Stream<Scope> scopes(Frontend frontend, IpAddress client) {
        if (split.contains(frontend)) {
            return Stream.of(isHere(client) ? Scope.CLUSTER : Scope.LOCAL);
        }
        return Stream.of(Scope.values()); // it has endpoints of one scope only
    }

    private boolean isHere(IpAddress client) {
        return addresses.nodePorts().contains(client)
                || addresses.ownPods().stream().anyMatch(pods -> pods.contains(client));
    }

    private void allow(ServicePlan plan) {
        plan.block().elements().forEach((at, data) -> allow(plan, at, data));
    }

    private void allow(ServicePlan plan, ElementAt at, Element.Mapped data) {
        List<Value> key = at.key().values();
        for (Layout layout : Layout.ALL) {
            NftSet set = at.set();
            if (set.equals(layout.outside())) {
                split.add(new Frontend(layout, key));
            } else if (set.equals(layout.outsideNodePorts())) {
                stickyAddresses(plan, layout, key).forEach(frontend -> split.add(new Frontend(layout, frontend)));
            } else if (set.equals(layout.endpoints())) {
                learnable(layout, key.subList(0, key.size() - 1), key.getLast(), data);
            } else if (set.equals(layout.nodePortEndpoints())) {
                stickyAddresses(plan, layout, key.subList(0, key.size() - 1))
                        .forEach(frontend -> learnable(layout, frontend, key.getLast(), data));
            }
        }
    }

    private void learnable(Layout layout, List<Value> frontend, Value slot, Element.Mapped endpoint) {
        Scope scope = ((Value.Mark) slot).number() >= Layout.LOCAL_SLOTS ? Scope.LOCAL : Scope.CLUSTER;
        allowed.add(new Learned(new Frontend(layout, frontend), scope, endpoint));
    }

    /// The sticky frontends of a node port: one for each node address.
    private static List<List<Value>> stickyAddresses(ServicePlan plan, Layout layout, List<Value> port) {
        return plan.block().elements().keySet().stream()
                .filter(at -> at.set().equals(layout.sticky()))
                .map(at -> at.key().values())
                .filter(key -> key.subList(1, key.size()).equals(port))
                .toList();
    }
}
