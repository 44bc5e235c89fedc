package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import dev.fairway.dataplane.Block.ElementAt;
import dev.fairway.dataplane.ServicePlan.FrontendAt;
import dev.fairway.dataplane.ServicePlan.SharedChain;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Plans one Service: an element for each frontend, an element for each endpoint slot.
final class ServicePlanner {

    private final ServiceEntry entry;
    private final Set<FrontendAt> lost;
    private final NodeAddresses addresses;
    private final Function<ElementAt, Optional<Element.Mapped>> had;
    private final Block.Builder block = new Block.Builder();
    private final Set<ElementAt> shared = new HashSet<>();
    private final Set<SharedChain> chains = new HashSet<>();

    private ServicePlanner(
            ServiceEntry entry,
            Set<FrontendAt> lost,
            NodeAddresses addresses,
            Function<ElementAt, Optional<Element.Mapped>> had) {
        this.entry = entry;
        this.lost = lost;
        this.addresses = addresses;
        this.had = had;
    }

    /// @param lost frontends that this Service must leave to others
    /// @param had what is in place now, so that endpoints keep their slots
    static ServicePlan plan(
            ServiceEntry entry,
            Set<FrontendAt> lost,
            NodeAddresses addresses,
            Function<ElementAt, Optional<Element.Mapped>> had) {
        ServicePlanner planner = new ServicePlanner(entry, lost, addresses, had);
        if (entry.forwarded()) {
            entry.ports().forEach(planner::port);
        }
        return new ServicePlan(entry, lost, planner.block.build(), planner.shared, planner.chains);
    }

    private void port(PortEntry port) {
        for (Frontend frontend : port.frontends()) {
            if (!lost.contains(new FrontendAt(frontend, port.protocol()))) {
                frontend(port, frontend);
            }
        }
    }

    private void frontend(PortEntry port, Frontend frontend) {
        Layout layout = Layout.of(frontend.family());
        List<Backend> backends = port.backends().stream()
                .filter(backend -> backend.address().family() == frontend.family())
                .toList();
        Value.Proto protocol = new Value.Proto(port.protocol().number());
        Value.Port number = new Value.Port(frontend.port());
        switch (frontend) {
            case Frontend.ClusterIp(IpAddress address, int _) -> {
                shared.add(at(layout.clusterIps(), Value.of(address)));
                serve(new Place(layout, Optional.of(address), protocol, number), backends);
            }
            case Frontend.LoadBalancer(IpAddress address, int _) ->
                external(new Place(layout, Optional.of(address), protocol, number), address, backends);
            case Frontend.ExternalIp(IpAddress address, int _) ->
                external(new Place(layout, Optional.of(address), protocol, number), address, backends);
            case Frontend.Mapped(IpAddress address, int _) ->
                external(new Place(layout, Optional.of(address), protocol, number), address, backends);
            case Frontend.NodePort(var _, int _) ->
                serve(new Place(layout, Optional.empty(), protocol, number), backends);
        }
    }

    private void external(Place place, IpAddress address, List<Backend> backends) {
        shared.add(at(place.layout.externalIps(), Value.of(address)));
        serve(place, backends);
    }

    private void serve(Place place, List<Backend> backends) {
        if (backends.isEmpty()) {
            block.put(place.unservedSet(), place.key(), Element.Mapped.nothing());
            return;
        }
        backends.stream().filter(Backend::local).forEach(backend -> hairpin(place.layout, backend));
        List<Element.Mapped> endpoints = Slots.assign(
                slotsOf(place),
                backends.stream().map(ServicePlanner::endpoint).distinct().toList());
        for (int slot = 0; slot < endpoints.size(); slot++) {
            block.put(place.endpointSet(), place.key(slot), endpoints.get(slot));
        }
        String chain = picking(place, endpoints.size());
        block.put(place.frontendSet(), place.key(), new Element.Mapped.To(new Verdict.Goto(chain)));
        if (entry.affinitySeconds() > 0) {
            stick(place);
        }
    }

    private static Element.Mapped endpoint(Backend backend) {
        return Element.Mapped.of(Value.of(backend.address()), new Value.Port(backend.port()));
    }

    private void hairpin(Layout layout, Backend backend) {
        Value address = Value.of(backend.address());
        shared.add(at(layout.hairpins(), address, address));
    }

    private List<Element.Mapped> slotsOf(Place place) {
        List<Element.Mapped> slots = new ArrayList<>();
        Optional<Element.Mapped> next = had.apply(new ElementAt(place.endpointSet(), place.key(0)));
        while (next.isPresent()) {
            slots.add(next.get());
            next = had.apply(new ElementAt(place.endpointSet(), place.key(slots.size())));
        }
        return slots;
    }

    /// The chain that picks an endpoint: shared by all frontends with so many, or for turns of its own.
    private String picking(Place place, int count) {
        return switch (entry.balancing()) {
            case RANDOM -> {
                SharedChain.Pick pick = new SharedChain.Pick(place.layout.ipFamily(), place.address.isEmpty(), count);
                chains.add(pick);
                yield pick.name();
            }
            case ROUND_ROBIN -> {
                Rule rule = pickRule(place.layout, place.address.isEmpty(), Balancing.ROUND_ROBIN, count);
                block.put(Chain.of(place.layout.table(), place.turnsName()), List.of(rule));
                yield place.turnsName();
            }
        };
    }

    static Rule pickRule(Layout layout, boolean nodePort, Balancing balancing, int count) {
        List<Operand> key = new ArrayList<>(nodePort ? layout.nodePortKey() : layout.frontendKey());
        key.add(new Operand.Numgen(balancing == Balancing.RANDOM, count));
        NftSet endpoints = nodePort ? layout.nodePortEndpoints() : layout.endpoints();
        return Rule.of("pick", new Expr.Dnat(layout.family(), new MapLookup(key, endpoints)));
    }

    private void stick(Place place) {
        SharedChain.Learn learn = new SharedChain.Learn(place.layout.ipFamily(), entry.affinitySeconds());
        chains.add(learn);
        List<IpAddress> at = place.address
                .map(List::of)
                .orElseGet(() -> addresses.nodePorts().stream()
                        .filter(address -> address.family() == place.layout.ipFamily())
                        .toList());
        for (IpAddress address : at) {
            block.put(
                    place.layout.sticky(),
                    Element.Key.of(Value.of(address), place.protocol, place.port),
                    new Element.Mapped.To(new Verdict.Jump(learn.name())));
        }
    }

    private static ElementAt at(NftSet set, Value... key) {
        return new ElementAt(set, Element.Key.of(key));
    }

    /// A frontend as the sets of its family know it.
    ///
    /// @param address empty for a node port
    private record Place(Layout layout, Optional<IpAddress> address, Value.Proto protocol, Value.Port port) {

        NftSet frontendSet() {
            return address.isPresent() ? layout.services() : layout.nodePorts();
        }

        NftSet endpointSet() {
            return address.isPresent() ? layout.endpoints() : layout.nodePortEndpoints();
        }

        NftSet unservedSet() {
            return address.isPresent() ? layout.unserved() : layout.unservedNodePorts();
        }

        Element.Key key() {
            return address.isPresent()
                    ? Element.Key.of(Value.of(address.get()), protocol, port)
                    : Element.Key.of(protocol, port);
        }

        Element.Key key(int slot) {
            List<Value> values = new ArrayList<>(key().values());
            values.add(new Value.Mark(slot));
            return new Element.Key(values);
        }

        /// nft reads no colon in a chain's name.
        String turnsName() {
            String where = address.map(it -> it.toString().replace(':', '_')).orElse("nodeport");
            return "turns-%s-%s-%s"
                    .formatted(where, protocol.toText(), port.toText())
                    .toLowerCase(Locale.ROOT);
        }
    }
}
