package dev.fairway.dataplane;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.dataplane.Block.ElementAt;
import dev.fairway.table.Frontend;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.TrafficPolicy.Scope;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What one Service contributes to the ruleset.
///
/// @param entry the Service as it was planned
/// @param lost frontends that another Service holds
/// @param block what only this Service needs
/// @param shared elements that several Services may need
/// @param picks chains that several Services may need
record ServicePlan(
        ServiceEntry entry, Set<FrontendAt> lost, Block block, Set<ElementAt> shared, Set<SharedChain> picks) {

    ServicePlan {
        lost = Set.copyOf(lost);
        shared = Set.copyOf(shared);
        picks = Set.copyOf(picks);
    }

    /// A frontend with its protocol: what only one Service can hold.
    record FrontendAt(Frontend frontend, Protocol protocol) implements Comparable<FrontendAt> {

        private static final Comparator<FrontendAt> ORDER = Comparator.<FrontendAt, IpFamily>comparing(
                        at -> at.frontend.family())
                .thenComparing(at -> address(at.frontend), Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparingInt(at -> at.frontend.port())
                .thenComparing(FrontendAt::protocol);

        /// Whatever kind of address it is: the packet does not show it.
        FrontendAt {
            frontend = switch (frontend) {
                case Frontend.ClusterIp it -> it;
                case Frontend.NodePort it -> it;
                case Frontend.LoadBalancer(var address, int port) -> new Frontend.ClusterIp(address, port);
                case Frontend.ExternalIp(var address, int port) -> new Frontend.ClusterIp(address, port);
                case Frontend.Mapped(var address, int port) -> new Frontend.ClusterIp(address, port);
            };
        }

        private static @Nullable IpAddress address(Frontend frontend) {
            return frontend instanceof Frontend.ClusterIp(IpAddress address, int _) ? address : null;
        }

        @Override
        public int compareTo(FrontendAt other) {
            return ORDER.compare(this, other);
        }

        String toText() {
            String place = switch (frontend) {
                case Frontend.NodePort(var family, int port) -> "node port " + port + " (" + family.apiName() + ")";
                case Frontend.ClusterIp(var address, int port) -> address.withPort(port);
                case Frontend.LoadBalancer(var address, int port) -> address.withPort(port);
                case Frontend.ExternalIp(var address, int port) -> address.withPort(port);
                case Frontend.Mapped(var address, int port) -> address.withPort(port);
            };
            return place + " " + protocol.label();
        }
    }

    /// A chain that depends on a number only.
    sealed interface SharedChain {

        /// Picks one of `count` endpoints at random, of all or of those on this node.
        record Pick(IpFamily family, boolean nodePort, Scope scope, int count) implements SharedChain {
            String name() {
                return (nodePort ? "nodeport-" : "") + (scope == Scope.LOCAL ? "local-pick-" : "pick-") + count;
            }
        }

        /// Remembers a client's endpoint for a time.
        record Learn(IpFamily family, int seconds) implements SharedChain {
            String name() {
                return "learn-" + seconds;
            }
        }

        /// Drops who is in none of the blocks.
        ///
        /// @param blocks sorted, of the family
        record Sources(IpFamily family, List<Cidr> blocks) implements SharedChain {

            public Sources {
                blocks = List.copyOf(blocks);
            }

            /// The same for the same blocks, and long enough to be no others'.
            String name() {
                byte[] text = blocks.toString().getBytes(StandardCharsets.UTF_8);
                return "sources-" + UUID.nameUUIDFromBytes(text);
            }
        }
    }
}
