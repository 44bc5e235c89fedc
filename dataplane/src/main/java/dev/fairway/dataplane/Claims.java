package dev.fairway.dataplane;

import dev.fairway.dataplane.ServicePlan.FrontendAt;
import dev.fairway.table.Frontend;
import dev.fairway.table.PersistentMap;
import dev.fairway.table.PortEntry;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which Services want which frontend. One of them holds it: cluster IPs and node ports first, which the API server
/// allots; then in name order.
record Claims(PersistentMap<Claims.Claim, Boolean> claims) {

    static final Claims NONE = new Claims(PersistentMap.empty());

    /// @param rank 0 for a frontend that was allotted to the Service
    record Claim(FrontendAt at, int rank, ServiceName service) implements Comparable<Claim> {

        private static final ServiceName FIRST = new ServiceName("", "");

        /// Before all claims to the frontend.
        static Claim before(FrontendAt at) {
            return new Claim(at, 0, FIRST);
        }

        @Override
        public int compareTo(Claim other) {
            int byFrontend = at.compareTo(other.at);
            if (byFrontend != 0) {
                return byFrontend;
            }
            int byRank = Integer.compare(rank, other.rank);
            return byRank != 0 ? byRank : service.compareTo(other.service);
        }
    }

    /// Who holds the frontend; empty when nobody wants it.
    Optional<ServiceName> holder(FrontendAt at) {
        return claims.firstFrom(Claim.before(at))
                .filter(claim -> claim.at().equals(at))
                .map(Claim::service);
    }

    /// The frontends that the Service wants and that another one holds.
    Set<FrontendAt> lost(ServiceEntry entry) {
        Set<FrontendAt> lost = new HashSet<>();
        of(entry).forEach(claim -> {
            if (!holder(claim.at()).equals(Optional.of(entry.service()))) {
                lost.add(claim.at());
            }
        });
        return lost;
    }

    /// @param gone entries that are not there any more, or not as they were
    /// @param come entries in their place, and new ones
    Claims with(Iterable<ServiceEntry> gone, Iterable<ServiceEntry> come) {
        Map<Claim, Optional<Boolean>> changes = new TreeMap<>();
        gone.forEach(entry -> of(entry).forEach(claim -> changes.put(claim, Optional.empty())));
        come.forEach(entry -> of(entry).forEach(claim -> changes.put(claim, Optional.of(true))));
        changes.entrySet().removeIf(change -> claims.find(change.getKey()).equals(change.getValue()));
        return changes.isEmpty() ? this : new Claims(claims.withAll(changes));
    }

    /// The Services that hold a frontend by one of the two claims and not by the other.
    Set<ServiceName> movedTo(Claims next) {
        Set<FrontendAt> touched = new TreeSet<>();
        claims.differences(next.claims, Boolean::equals, (claim, _, _) -> touched.add(claim.at()));
        Set<ServiceName> moved = new TreeSet<>();
        for (FrontendAt at : touched) {
            Optional<ServiceName> before = holder(at);
            Optional<ServiceName> now = next.holder(at);
            if (!before.equals(now)) {
                before.ifPresent(moved::add);
                now.ifPresent(moved::add);
            }
        }
        return moved;
    }

    private static Set<Claim> of(ServiceEntry entry) {
        Set<Claim> out = new HashSet<>();
        if (entry.forwarded()) {
            for (PortEntry port : entry.ports()) {
                for (Frontend frontend : port.frontends()) {
                    FrontendAt at = new FrontendAt(frontend, port.protocol());
                    out.add(new Claim(at, rank(frontend), entry.service()));
                }
            }
        }
        return out;
    }

    private static int rank(Frontend frontend) {
        return switch (frontend) {
            case Frontend.ClusterIp _ -> 0;
            case Frontend.NodePort _ -> 0;
            case Frontend.LoadBalancer _ -> 1;
            case Frontend.ExternalIp _ -> 1;
            case Frontend.Mapped _ -> 1;
        };
    }
}
