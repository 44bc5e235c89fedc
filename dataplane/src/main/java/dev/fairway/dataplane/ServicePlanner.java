package dev.fairway.dataplane;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.dataplane.Block.ElementAt;
import dev.fairway.dataplane.ServicePlan.Endpoint;
import dev.fairway.dataplane.ServicePlan.FrontendAt;
import dev.fairway.dataplane.ServicePlan.Parts;
import dev.fairway.dataplane.ServicePlan.SharedChain;
import dev.fairway.dataplane.ServicePlan.SlotsAt;
import dev.fairway.kernel.nft.Chain;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.Expr;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Operand;
import dev.fairway.kernel.nft.Operand.MapLookup;
import dev.fairway.kernel.nft.Rule;
import dev.fairway.kernel.nft.Value;
import dev.fairway.kernel.nft.Verdict;
import dev.fairway.table.Backend;
import dev.fairway.table.Balancing;
import dev.fairway.table.Frontend;
import dev.fairway.table.PortEntry;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.TrafficPolicy.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/// Plans one Service: an element for each frontend, an element for each endpoint slot.
final class ServicePlanner {

    private final ServiceEntry entry;
    private final Set<FrontendAt> lost;
    private final NodeAddresses addresses;
    private final Assignment assignment;
    private final Map<SlotsAt, List<Endpoint>> slots = new HashMap<>();
    private final Block.Builder block = new Block.Builder();
    private final Set<ElementAt> shared = new HashSet<>();
    private final Set<SharedChain> chains = new HashSet<>();
    private final List<Place> sticky = new ArrayList<>();

    /// Gives the backends their slots.
    @FunctionalInterface
    private interface Assignment {
        List<Endpoint> slots(SlotsAt at, List<Backend> backends);
    }

    /// A plan, and what it comes to.
    record Planned(ServicePlan plan, Parts parts) {}

    private ServicePlanner(ServiceEntry entry, Set<FrontendAt> lost, NodeAddresses addresses, Assignment assignment) {
        this.entry = entry;
        this.lost = lost;
        this.addresses = addresses;
        this.assignment = assignment;
    }

    /// @param lost frontends that this Service must leave to others
    /// @param had the endpoints that slots have now, so that they keep them
    static Planned plan(
            ServiceEntry entry, Set<FrontendAt> lost, NodeAddresses addresses, Function<SlotsAt, List<Endpoint>> had) {
        ServicePlanner planner = new ServicePlanner(
                entry, lost, addresses, (at, backends) -> Slots.assign(had.apply(at), shares(backends)));
        Parts parts = planner.run();
        return new Planned(new ServicePlan(entry, lost, addresses, planner.slots), parts);
    }

    private static List<Endpoint> shares(List<Backend> backends) {
        List<Endpoint> shares = new ArrayList<>(backends.size());
        Weights.shares(distinct(backends)).forEach(backend -> shares.add(Endpoint.of(backend)));
        return shares;
    }

    private static List<Backend> distinct(List<Backend> backends) {
        for (int at = 1; at < backends.size(); at++) {
            if (backends.get(at - 1).compareTo(backends.get(at)) >= 0) {
                return backends.stream().distinct().toList();
            }
        }
        return backends;
    }

    /// What the plan comes to: the same as when it was planned.
    static Parts parts(ServicePlan plan) {
        return new ServicePlanner(
                        plan.entry(),
                        plan.lost(),
                        plan.addresses(),
                        (at, _) -> Objects.requireNonNull(plan.slots().get(at)))
                .run();
    }

    private Parts run() {
        if (entry.forwarded()) {
            entry.ports().forEach(this::port);
            new Stickiness(entry.affinity(), slots, block, chains).plan(sticky, addresses.nodePorts());
        }
        return new Parts(block.build(), shared, chains);
    }

    private void port(PortEntry port) {
        for (Frontend frontend : port.frontends()) {
            if (!lost.contains(new FrontendAt(frontend, port.protocol()))) {
                frontend(port, frontend);
            }
        }
    }

    private void frontend(PortEntry port, Frontend frontend) {
        Place place = Place.of(new FrontendAt(frontend, port.protocol()));
        Layout layout = place.layout();
        block.put(place.connectionSet(), place.key(), Element.Mapped.nothing());
        switch (frontend) {
            case Frontend.ClusterIp(IpAddress address, int _) -> {
                shared.add(at(layout.clusterIps(), Value.of(address)));
                internal(place, port);
            }
            case Frontend.LoadBalancer(IpAddress address, int _) -> {
                restrict(place, address);
                shared.add(at(layout.externalIps(), Value.of(address)));
                external(place, port);
            }
            case Frontend.ExternalIp(IpAddress address, int _) -> {
                shared.add(at(layout.externalIps(), Value.of(address)));
                external(place, port);
            }
            case Frontend.Mapped(IpAddress address, int _) -> {
                shared.add(at(layout.externalIps(), Value.of(address)));
                serve(place, port, Scope.CLUSTER);
            }
            case Frontend.NodePort _ -> external(place, port);
        }
    }

    private void internal(Place place, PortEntry port) {
        serve(place, port, entry.traffic().internal());
    }

    /// Who is on this node reaches every endpoint, as if it went out to the load balancer and came back.
    private void external(Place place, PortEntry port) {
        serve(place, port, Scope.CLUSTER);
        if (entry.traffic().external() == Scope.LOCAL
                && !backends(place, port, Scope.CLUSTER).isEmpty()) {
            lead(place.outsideSet(), place, Scope.LOCAL, backends(place, port, Scope.LOCAL));
            block.put(place.keepSourceSet(), place.key(), Element.Mapped.nothing());
        }
    }

    /// Who is refused: where no node has an endpoint. Where only this one has none under the policy `Local`, packets
    /// are dropped, so that a client tries again elsewhere.
    private void serve(Place place, PortEntry port, Scope scope) {
        if (backends(place, port, Scope.CLUSTER).isEmpty()) {
            block.put(place.unservedSet(), place.key(), Element.Mapped.nothing());
            return;
        }
        lead(place.frontendSet(), place, scope, backends(place, port, scope));
        if (entry.affinity().isKept()) {
            sticky.add(place);
        }
    }

    private static List<Backend> backends(Place place, PortEntry port, Scope scope) {
        List<Backend> both = switch (scope) {
            case CLUSTER -> port.backends();
            case LOCAL -> port.local().backends();
        };
        IpFamily family = place.layout().ipFamily();
        for (Backend backend : both) {
            if (backend.address().family() != family) {
                return both.stream()
                        .filter(other -> other.address().family() == family)
                        .toList();
            }
        }
        return both;
    }

    private void lead(NftSet set, Place place, Scope scope, List<Backend> backends) {
        if (backends.isEmpty()) {
            String chain = set.equals(place.outsideSet()) ? BaseChains.NO_LOCAL_EXTERNAL : BaseChains.NO_LOCAL_INTERNAL;
            block.put(set, place.key(), new Element.Mapped.To(new Verdict.Goto(chain)));
            block.put(place.strandedSet(), place.key(), Element.Mapped.nothing());
            return;
        }
        for (Backend backend : backends) {
            if (backend.local()) {
                hairpin(place.layout(), backend);
            }
        }
        SlotsAt at = new SlotsAt(place.frontend(), scope);
        List<Endpoint> endpoints = assignment.slots(at, backends);
        slots.put(at, endpoints);
        for (int slot = 0; slot < endpoints.size(); slot++) {
            block.put(
                    place.endpointSet(),
                    place.key(scope, slot),
                    endpoints.get(slot).toMapped());
        }
        String chain = picking(place, scope, endpoints.size());
        block.put(set, place.key(), new Element.Mapped.To(new Verdict.Goto(chain)));
    }

    private void hairpin(Layout layout, Backend backend) {
        Value address = Value.of(backend.address());
        shared.add(at(layout.hairpins(), address, address));
    }

    /// The chain that picks an endpoint: shared by all frontends with so many, or for turns of its own.
    private String picking(Place place, Scope scope, int count) {
        return switch (entry.balancing()) {
            case RANDOM -> {
                SharedChain.Pick pick =
                        new SharedChain.Pick(place.layout().ipFamily(), place.isNodePort(), scope, count);
                chains.add(pick);
                yield pick.name();
            }
            case ROUND_ROBIN -> {
                Rule rule = pickRule(place.layout(), place.isNodePort(), scope, Balancing.ROUND_ROBIN, count);
                block.put(Chain.of(place.layout().table(), place.turnsName(scope)), List.of(rule));
                yield place.turnsName(scope);
            }
        };
    }

    static Rule pickRule(Layout layout, boolean nodePort, Scope scope, Balancing balancing, int count) {
        List<Operand> key = new ArrayList<>(nodePort ? layout.nodePortKey() : layout.frontendKey());
        key.add(new Operand.Numgen(balancing == Balancing.RANDOM, count, Place.firstSlot(scope)));
        NftSet endpoints = nodePort ? layout.nodePortEndpoints() : layout.endpoints();
        return Rule.of("pick", new Expr.Dnat(layout.family(), new MapLookup(key, endpoints)));
    }

    /// The first address of a node is the one that counts as its own.
    private void restrict(Place place, IpAddress address) {
        List<Cidr> blocks = widest(entry.traffic().sourceRanges().stream()
                .filter(block -> block.family() == address.family())
                .toList());
        if (blocks.isEmpty()) {
            return;
        }
        SharedChain.Sources sources = new SharedChain.Sources(address.family(), blocks);
        chains.add(sources);
        block.put(place.layout().restricted(), place.key(), new Element.Mapped.To(new Verdict.Jump(sources.name())));
        block.put(place.layout().excluded(), place.key(), Element.Mapped.nothing());
        boolean nodeAllowed = ownAddresses(address.family()).stream()
                .findFirst()
                .filter(node -> blocks.stream().anyMatch(block -> block.contains(node)))
                .isPresent();
        if (nodeAllowed) {
            shared.add(at(place.layout().ownVips(), Value.of(address), Value.of(address)));
        }
    }

    /// Without those that another contains.
    private static List<Cidr> widest(List<Cidr> blocks) {
        return blocks.stream()
                .distinct()
                .filter(block -> blocks.stream().noneMatch(other -> !other.equals(block) && other.contains(block)))
                .sorted()
                .toList();
    }

    private List<IpAddress> ownAddresses(IpFamily family) {
        return addresses.nodePorts().stream()
                .filter(address -> address.family() == family)
                .toList();
    }

    private static ElementAt at(NftSet set, Value... key) {
        return new ElementAt(set, Element.Key.of(key));
    }
}
