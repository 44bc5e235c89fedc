package dev.fairway.dataplane;

import dev.fairway.dataplane.ServicePlan.FrontendAt;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.table.Frontend;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// How many new connections (of UDP: flows) came to a frontend on this node since it is there, whatever became of them.
///
/// @param port the Service port's name, empty if it has none
public record ConnectionCount(
        ServiceName service, String port, Protocol protocol, Frontend frontend, long connections) {

    /// Reads the counters of all frontends that the ruleset gives to a Service.
    static List<ConnectionCount> read(NftConnection nft, Ruleset ruleset) {
        Map<NftSet, SortedMap<Element.Key, Long>> counted = new HashMap<>();
        for (Layout layout : Layout.ALL) {
            for (NftSet set : List.of(layout.connections(), layout.nodePortConnections())) {
                counted.put(set, nft.readPackets(set));
            }
        }
        List<ConnectionCount> out = new ArrayList<>();
        for (ServicePlan plan : ruleset.plans()) {
            if (plan.entry().forwarded()) {
                plan.entry().ports().forEach(port -> add(plan, port, counted, out));
            }
        }
        return out;
    }

    private static void add(
            ServicePlan plan,
            PortEntry port,
            Map<NftSet, SortedMap<Element.Key, Long>> counted,
            List<ConnectionCount> out) {
        for (Frontend frontend : port.frontends()) {
            FrontendAt at = new FrontendAt(frontend, port.protocol());
            if (!plan.lost().contains(at)) {
                Place place = Place.of(at);
                long connections = Optional.ofNullable(counted.get(place.connectionSet()))
                        .map(counts -> counts.get(place.key()))
                        .orElse(0L);
                out.add(new ConnectionCount(
                        plan.entry().service(), port.name(), port.protocol(), frontend, connections));
            }
        }
    }
}
