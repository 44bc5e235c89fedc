package dev.fairway.dataplane;

import dev.fairway.dataplane.Block.ElementAt;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.kernel.nft.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Makes the kernel forget clients' endpoints that are endpoints no longer.
final class Affinity {

    /// Where the key of an affinity element has the frontend: address, protocol, port.
    private static final int FRONTEND_FROM = 1;

    private Affinity() {}

    /// Whether either ruleset has Services with session affinity.
    static boolean used(Ruleset ruleset) {
        return ruleset.chains().keySet().stream().anyMatch(at -> at.name().startsWith("learn-"));
    }

    /// Removals of what the kernel has learned and `wanted` does not allow. Elements may expire before the commit, so
    /// they need not be there any more.
    static List<NftCommand> forget(NftConnection nft, Ruleset have, Ruleset wanted) {
        Set<Learned> allowed = allowed(wanted);
        List<NftCommand> commands = new ArrayList<>();
        for (Layout layout : Layout.ALL) {
            if (have.outline().has(layout.affinity())) {
                List<Element.Key> stale = nft.readElements(layout.affinity()).stream()
                        .filter(element -> !allowed.contains(learned(layout, element)))
                        .map(Element::key)
                        .toList();
                if (!stale.isEmpty()) {
                    commands.add(new NftCommand.RemoveElements(layout.affinity(), stale));
                }
            }
        }
        return commands;
    }

    private record Learned(Layout layout, List<Value> frontend, Element.Mapped endpoint) {}

    private static Learned learned(Layout layout, Element element) {
        List<Value> key = element.key().values();
        return new Learned(layout, key.subList(FRONTEND_FROM, key.size()), element.data());
    }

    private static Set<Learned> allowed(Ruleset wanted) {
        Set<Learned> allowed = new HashSet<>();
        for (ServicePlan plan : wanted.plans()) {
            if (plan.entry().affinitySeconds() > 0) {
                plan.block().elements().forEach((at, data) -> allow(plan, at, data, allowed));
            }
        }
        return allowed;
    }

    private static void allow(ServicePlan plan, ElementAt at, Element.Mapped data, Set<Learned> allowed) {
        for (Layout layout : Layout.ALL) {
            List<Value> key = at.key().values();
            if (at.set().equals(layout.endpoints())) {
                allowed.add(new Learned(layout, key.subList(0, key.size() - 1), data));
            } else if (at.set().equals(layout.nodePortEndpoints())) {
                List<Value> port = key.subList(0, key.size() - 1);
                stickyAddresses(plan, layout, port)
                        .forEach(frontend -> allowed.add(new Learned(layout, frontend, data)));
            }
        }
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
