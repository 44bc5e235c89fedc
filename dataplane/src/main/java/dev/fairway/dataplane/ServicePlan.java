package dev.fairway.dataplane;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.dataplane.Block.ElementAt;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.Value;
import dev.fairway.table.Backend;
import dev.fairway.table.Frontend;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.TrafficPolicy.Scope;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What one Service contributes to the ruleset, as little as says it. The rest follows from it (`parts`): a node need
/// not keep an element for each endpoint.
///
/// @param entry the Service as it was planned
/// @param lost frontends that another Service holds
/// @param addresses of the node
/// @param slots the endpoints of each frontend in the order of their slots
record ServicePlan(
        ServiceEntry entry, Set<FrontendAt> lost, NodeAddresses addresses, Map<SlotsAt, List<Endpoint>> slots) {

    ServicePlan {
        lost = Set.copyOf(lost);
        slots = Map.copyOf(slots);
    }

    /// What the plan comes to in the kernel.
    Parts parts() {
        return ServicePlanner.parts(this);
    }

    /// @param block what only this Service needs
    /// @param shared elements that several Services may need
    /// @param chains chains that several Services may need
    record Parts(Block block, Set<ElementAt> shared, Set<SharedChain> chains) {

        static final Parts NONE = new Parts(Block.EMPTY, Set.of(), Set.of());

        Parts {
            shared = Collections.unmodifiableSet(shared);
            chains = Collections.unmodifiableSet(chains);
        }
    }

    /// The slots of a frontend's endpoints, or of those on this node.
    record SlotsAt(FrontendAt frontend, Scope scope) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof SlotsAt that && scope == that.scope && frontend.equals(that.frontend);
        }

        @Override
        public int hashCode() {
            return 31 * frontend.hashCode() + (scope == Scope.LOCAL ? 1 : 0);
        }
    }

    /// What a slot leads to.
    record Endpoint(IpAddress address, int port) {

        static Endpoint of(Backend backend) {
            return new Endpoint(backend.address(), backend.port());
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Endpoint that && port == that.port && address.equals(that.address);
        }

        @Override
        public int hashCode() {
            return 31 * address.hashCode() + port;
        }

        /// Empty when it is no endpoint.
        static Optional<Endpoint> of(Element.Mapped found) {
            return found instanceof Element.Mapped.Values(List<Value> values)
                            && values.size() == 2
                            && values.getFirst() instanceof Value.Address(IpAddress address)
                            && values.getLast() instanceof Value.Port(int port)
                    ? Optional.of(new Endpoint(address, port))
                    : Optional.empty();
        }

        Element.Mapped toMapped() {
            return Element.Mapped.of(Value.of(address), new Value.Port(port));
        }
    }

    /// A frontend with its protocol: what only one Service can hold.
    record FrontendAt(Frontend frontend, Protocol protocol) implements Comparable<FrontendAt> {

        /// Whatever kind of address it is: the packet does not show it.
        FrontendAt {
            frontend = address(frontend) != null
                    ? frontend
                    : switch (frontend) {
                        case Frontend.ClusterIp it -> it;
                        case Frontend.NodePort it -> it;
                        case Frontend.LoadBalancer(var address, int port) -> new Frontend.ClusterIp(address, port);
                        case Frontend.ExternalIp(var address, int port) -> new Frontend.ClusterIp(address, port);
                        case Frontend.Mapped(var address, int port) -> new Frontend.ClusterIp(address, port);
                    };
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof FrontendAt that && compareTo(that) == 0;
        }

        @Override
        public int hashCode() {
            return 31 * Objects.hashCode(address(frontend)) + frontend.port();
        }

        /// Empty for a node port.
        Optional<IpAddress> address() {
            return Optional.ofNullable(address(frontend));
        }

        private static @Nullable IpAddress address(Frontend frontend) {
            return frontend instanceof Frontend.ClusterIp(IpAddress address, int _) ? address : null;
        }

        @Override
        public int compareTo(FrontendAt other) {
            int byPlace = comparePlaces(frontend, other.frontend);
            if (byPlace != 0) {
                return byPlace;
            }
            int byPort = Integer.compare(frontend.port(), other.frontend.port());
            return byPort != 0 ? byPort : protocol.compareTo(other.protocol);
        }

        /// By family; node ports come before addresses.
        private static int comparePlaces(Frontend one, Frontend other) {
            IpAddress left = address(one);
            IpAddress right = address(other);
            if (left != null && right != null) {
                return left.compareTo(right); // by family first
            }
            int byFamily = one.family().compareTo(other.family());
            return byFamily != 0 ? byFamily : Boolean.compare(left != null, right != null);
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

    /// A chain that depends on no Service, so that many may use it.
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

        /// Remembers a client's pod for a time, for several frontends.
        ///
        /// @param ports of one address
        record LearnAll(IpFamily family, int seconds, List<PodPort> ports) implements SharedChain {

            public LearnAll {
                ports = List.copyOf(ports);
            }

            String name() {
                return "learn-" + digest(seconds + " " + ports);
            }
        }

        /// The port of a pod that a frontend leads to.
        ///
        /// @param frontend address, protocol and port
        record PodPort(Element.Key frontend, int target) {}

        /// Drops who is in none of the blocks.
        ///
        /// @param blocks sorted, of the family
        record Sources(IpFamily family, List<Cidr> blocks) implements SharedChain {

            public Sources {
                blocks = List.copyOf(blocks);
            }

            String name() {
                return "sources-" + digest(blocks.toString());
            }
        }

        /// The same for the same text, and long enough to be no other's.
        private static String digest(String text) {
            return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
        }
    }
}
