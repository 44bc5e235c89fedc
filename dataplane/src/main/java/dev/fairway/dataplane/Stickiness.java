package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import dev.fairway.dataplane.ServicePlan.Endpoint;
import dev.fairway.dataplane.ServicePlan.SharedChain;
import dev.fairway.dataplane.ServicePlan.SharedChain.PodPort;
import dev.fairway.dataplane.ServicePlan.SlotsAt;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.Value;
import dev.fairway.kernel.nft.Verdict;
import dev.fairway.table.SessionAffinity;
import dev.fairway.table.TrafficPolicy.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What makes the clients of one Service keep their endpoints: which frontends learn, and for which frontends.
///
/// Across ports, a client's new connection is remembered for every port of the address that it came to, each with the
/// port of the pod that it leads to. That depends on the pod: it need not be behind all of them, nor by one number.
final class Stickiness {

    private final SessionAffinity affinity;
    private final Block.Builder block;
    private final Set<SharedChain> chains;
    private final Map<SlotsAt, Map<IpAddress, Integer>> targets = new HashMap<>();

    /// @param slots the endpoints of each frontend
    /// @param block where elements go
    /// @param chains where chains go
    Stickiness(
            SessionAffinity affinity,
            Map<SlotsAt, List<Endpoint>> slots,
            Block.Builder block,
            Set<SharedChain> chains) {
        this.affinity = affinity;
        this.block = block;
        this.chains = chains;
        slots.forEach((at, endpoints) -> targets.put(at, targets(endpoints)));
    }

    /// Pod to port; the lowest where a pod has several.
    private static Map<IpAddress, Integer> targets(List<Endpoint> endpoints) {
        Map<IpAddress, Integer> out = new TreeMap<>();
        endpoints.forEach(endpoint -> out.merge(endpoint.address(), endpoint.port(), Math::min));
        return out;
    }

    /// @param frontends those that have endpoints
    /// @param nodeAddresses where node ports are
    void plan(List<Place> frontends, Collection<IpAddress> nodeAddresses) {
        Map<IpAddress, List<Place>> byAddress = new TreeMap<>();
        for (Place place : frontends) {
            place.address()
                    .map(List::of)
                    .orElseGet(() -> nodeAddresses.stream()
                            .filter(address ->
                                    address.family() == place.layout().ipFamily())
                            .toList())
                    .forEach(address -> byAddress
                            .computeIfAbsent(address, _ -> new ArrayList<>())
                            .add(place));
        }
        byAddress.forEach((address, there) -> there.forEach(place -> stick(address, place, there)));
    }

    private void stick(IpAddress address, Place place, List<Place> there) {
        Element.Key frontend = frontend(address, place);
        if (!affinity.acrossPorts() || there.size() == 1) {
            SharedChain.Learn learn = new SharedChain.Learn(place.layout().ipFamily(), affinity.seconds());
            chains.add(learn);
            block.put(place.layout().sticky(), frontend, jump(learn.name()));
            return;
        }
        block.put(place.layout().sticky(), frontend, jump(BaseChains.LEARN_BY_POD));
        for (IpAddress pod : pods(place)) {
            SharedChain.LearnAll learn = new SharedChain.LearnAll(
                    place.layout().ipFamily(), affinity.seconds(), ports(address, place, there, pod));
            chains.add(learn);
            List<Value> key = new ArrayList<>(frontend.values());
            key.add(Value.of(pod));
            block.put(place.layout().stickyPods(), new Element.Key(key), jump(learn.name()));
        }
    }

    private static Element.Key frontend(IpAddress address, Place place) {
        return Element.Key.of(Value.of(address), place.protocol(), place.port());
    }

    private static Element.Mapped jump(String chain) {
        return new Element.Mapped.To(new Verdict.Jump(chain));
    }

    private Set<IpAddress> pods(Place place) {
        Set<IpAddress> out = new TreeSet<>();
        for (Scope scope : Scope.values()) {
            out.addAll(targets(place, scope).keySet());
        }
        return out;
    }

    private Map<IpAddress, Integer> targets(Place place, Scope scope) {
        return targets.getOrDefault(new SlotsAt(place.frontend(), scope), Map.of());
    }

    /// The ports that keep the pod for a client to whom it was given at the place.
    private List<PodPort> ports(IpAddress address, Place place, List<Place> there, IpAddress pod) {
        List<PodPort> out = new ArrayList<>();
        for (Place other : there) {
            // which scope the client is of is not known when it is learned: the pod must be right in any
            List<Scope> given = List.of(Scope.values()).stream()
                    .filter(scope -> targets(place, scope).containsKey(pod))
                    .toList();
            if (given.stream().allMatch(scope -> targets(other, scope).containsKey(pod))) {
                int target =
                        Objects.requireNonNull(targets(other, given.getFirst()).get(pod));
                out.add(new PodPort(frontend(address, other), target));
            }
        }
        return out;
    }
}
