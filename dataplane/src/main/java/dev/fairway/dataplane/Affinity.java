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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What the kernel has learned of clients' endpoints and must forget, because they are endpoints no longer, or not for
/// them. Only what was learned of Services that changed is judged; everything when it is not known what was before.
final class Affinity {

    /// Where the key of an affinity element has the frontend: address, protocol, port.
    private static final int FRONTEND_FROM = 1;

    private final NodeAddresses addresses;
    private final boolean everything;
    private final Learnable before;
    private final Learnable now;

    private Affinity(NodeAddresses addresses, boolean everything, Learnable before, Learnable now) {
        this.addresses = addresses;
        this.everything = everything;
        this.before = before;
        this.now = now;
    }

    /// Empty when nothing that the kernel has learned can have become wrong: nobody's endpoint has gone.
    static Optional<Affinity> between(Ruleset before, Ruleset wanted) {
        NodeAddresses addresses = wanted.addresses().orElseThrow();
        boolean known = before.addresses().equals(wanted.addresses());
        Learnable was = new Learnable();
        Learnable is = new Learnable();
        if (known) {
            before.planDifferences(wanted, (had, has) -> {
                had.ifPresent(was::add);
                has.ifPresent(is::add);
            });
        } else {
            wanted.plans().forEach(is::add);
        }
        return known && is.allowsAllOf(was) ? Optional.empty() : Optional.of(new Affinity(addresses, !known, was, is));
    }

    /// Removals of what the kernel has learned and is wrong now. Elements may expire before the commit, so they need
    /// not be there any more.
    ///
    /// @param outline what is there to be read
    List<NftCommand> forget(NftConnection nft, NftOutline outline) {
        List<NftCommand> commands = new ArrayList<>();
        for (Layout layout : Layout.ALL) {
            if (outline.has(layout.affinity())) {
                List<Element.Key> stale = nft.readElements(layout.affinity()).stream()
                        .filter(element -> isWrong(layout, element))
                        .map(Element::key)
                        .toList();
                if (!stale.isEmpty()) {
                    commands.add(new NftCommand.RemoveElements(layout.affinity(), stale));
                }
            }
        }
        return commands;
    }

    /// @param learned an element of the layout's affinity map
    boolean isWrong(Layout layout, Element learned) {
        List<Value> key = learned.key().values();
        LearnedAt frontend = new LearnedAt(layout, key.subList(FRONTEND_FROM, key.size()));
        if (!everything && !before.frontends.contains(frontend) && !now.frontends.contains(frontend)) {
            return false;
        }
        return scopes(frontend, ((Value.Address) key.getFirst()).address())
                .noneMatch(scope -> now.endpoints.contains(new Learned(frontend, scope, learned.data())));
    }

    private Stream<Scope> scopes(LearnedAt frontend, IpAddress client) {
        if (now.split.contains(frontend)) {
            return Stream.of(isHere(client) ? Scope.CLUSTER : Scope.LOCAL);
        }
        return Stream.of(Scope.values()); // it has endpoints of one scope only
    }

    private boolean isHere(IpAddress client) {
        return addresses.nodePorts().contains(client)
                || addresses.ownPods().stream().anyMatch(pods -> pods.contains(client));
    }

    private record LearnedAt(Layout layout, List<Value> key) {}

    private record Learned(LearnedAt frontend, Scope scope, Element.Mapped endpoint) {}

    /// What the kernel may learn by the plans of some Services.
    private static final class Learnable {

        private final Set<LearnedAt> frontends = new HashSet<>();
        private final Set<Learned> endpoints = new HashSet<>();
        /// Frontends with endpoints of their own for clients outside.
        private final Set<LearnedAt> split = new HashSet<>();

        void add(ServicePlan plan) {
            if (plan.entry().affinity().isKept()) {
                Map<ElementAt, Element.Mapped> elements = plan.parts().block().elements();
                elements.forEach((at, endpoint) -> add(elements, at, endpoint));
            }
        }

        private void add(Map<ElementAt, Element.Mapped> elements, ElementAt at, Element.Mapped endpoint) {
            List<Value> key = at.key().values();
            for (Layout layout : Layout.ALL) {
                NftSet set = at.set();
                if (set.equals(layout.outside())) {
                    split.add(new LearnedAt(layout, key));
                } else if (set.equals(layout.outsideNodePorts())) {
                    ofNodePort(elements, layout, key).forEach(split::add);
                } else if (set.equals(layout.endpoints())) {
                    add(new LearnedAt(layout, key.subList(0, key.size() - 1)), key.getLast(), endpoint);
                } else if (set.equals(layout.nodePortEndpoints())) {
                    ofNodePort(elements, layout, key.subList(0, key.size() - 1))
                            .forEach(frontend -> add(frontend, key.getLast(), endpoint));
                }
            }
        }

        private void add(LearnedAt frontend, Value slot, Element.Mapped endpoint) {
            Scope scope = ((Value.Mark) slot).number() >= Layout.LOCAL_SLOTS ? Scope.LOCAL : Scope.CLUSTER;
            frontends.add(frontend);
            endpoints.add(new Learned(frontend, scope, endpoint));
        }

        /// The sticky frontends of a node port: one for each node address.
        private static Stream<LearnedAt> ofNodePort(
                Map<ElementAt, Element.Mapped> elements, Layout layout, List<Value> port) {
            return elements.keySet().stream()
                    .filter(at -> at.set().equals(layout.sticky()))
                    .map(at -> at.key().values())
                    .filter(key -> key.subList(1, key.size()).equals(port))
                    .map(key -> new LearnedAt(layout, key));
        }

        boolean allowsAllOf(Learnable other) {
            return endpoints.containsAll(other.endpoints)
                    && other.frontends.stream().allMatch(at -> split.contains(at) == other.split.contains(at));
        }
    }
}
