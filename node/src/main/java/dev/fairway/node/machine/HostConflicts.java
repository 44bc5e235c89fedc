package dev.fairway.node.machine;

import dev.fairway.address.Cidr;
import dev.fairway.kernel.LinkAddress;
import dev.fairway.kernel.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Whether this machine already uses addresses that the cluster would claim on it. Pure.
final class HostConflicts {

    private HostConflicts() {}

    /// A sentence about the first conflict. Default routes conflict with nothing: every other route goes before them.
    ///
    /// @param ownLink the cluster's own link on this machine, left by an earlier run
    static Optional<String> find(MachinePlan plan, Observation.Contents host, String ownLink) {
        List<Cidr> claimed = new ArrayList<>(plan.outsideNetworks());
        claimed.addAll(plan.balancerPools());
        return claimed.stream()
                .flatMap(network -> Stream.concat(
                        addresses(host, ownLink)
                                .filter(address -> address.network().overlaps(network))
                                .map(address -> sentence(network, "address " + address)),
                        routes(host, ownLink)
                                .filter(route -> route.destination().overlaps(network))
                                .map(route -> sentence(network, "route " + route))))
                .findFirst();
    }

    private static Stream<LinkAddress> addresses(Observation.Contents host, String ownLink) {
        return host.addresses().stream().filter(address -> !address.link().equals(ownLink));
    }

    private static Stream<Route> routes(Observation.Contents host, String ownLink) {
        return host.routes().stream()
                .filter(route -> !route.link().equals(ownLink))
                .filter(route -> !route.isDefault());
    }

    private static String sentence(Cidr network, String used) {
        return "network " + network + " of the cluster overlaps " + used
                + " of this machine; choose other addresses in the config, or turn host access off";
    }
}
