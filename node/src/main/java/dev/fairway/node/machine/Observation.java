package dev.fairway.node.machine;

import dev.fairway.kernel.Link;
import dev.fairway.kernel.LinkAddress;
import dev.fairway.kernel.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What was found in the kernel, by namespace name; a namespace that does not exist has no entry.
record Observation(Map<String, Contents> namespaces) {

    Observation {
        namespaces = Map.copyOf(namespaces);
    }

    /// @param parameters the values of those parameters that were asked for and exist
    record Contents(List<Link> links, List<LinkAddress> addresses, List<Route> routes, Map<String, String> parameters) {

        Contents {
            links = List.copyOf(links);
            addresses = List.copyOf(addresses);
            routes = List.copyOf(routes);
            parameters = Map.copyOf(parameters);
        }

        static Contents none() {
            return new Contents(List.of(), List.of(), List.of(), Map.of());
        }

        Optional<Link> link(String name) {
            return links.stream().filter(link -> link.name().equals(name)).findFirst();
        }
    }

    boolean has(Piece piece) {
        Contents contents = contents(piece.namespace());
        return switch (piece) {
            case Piece.Namespace namespace -> namespaces.containsKey(namespace.namespace());
            case Piece.Parameter wanted ->
                wanted.value().equals(contents.parameters().get(wanted.name()));
            case Piece.Bridge bridge -> isOfKind(contents, bridge.link(), "bridge");
            case Piece.Cable cable ->
                isOfKind(contents, cable.link(), "veth")
                        && isOfKind(contents(cable.peerNamespace()), cable.peerLink(), "veth");
            case Piece.Port port ->
                contents.link(port.link()).flatMap(Link::master).equals(Optional.of(port.bridge()));
            case Piece.Address address -> contents.addresses().contains(address.address());
            case Piece.Up up -> contents.link(up.link()).map(Link::up).orElse(false);
            case Piece.Path path -> contents.routes().contains(path.route());
        };
    }

    /// The wanted pieces that are missing, in their order.
    List<Piece> missing(List<Piece> wanted) {
        return wanted.stream().filter(piece -> !has(piece)).toList();
    }

    /// Addresses, and routes over gateways, that are on links of the plan but not in the plan: those of an earlier
    /// plan. The kernel's own (link-local addresses, routes to neighbours) and other links are left alone.
    List<Piece> surplus(List<Piece> wanted) {
        return wanted.stream()
                .flatMap(piece -> piece instanceof Piece.Up up ? found(up) : Stream.empty())
                .filter(found -> !wanted.contains(found))
                .toList();
    }

    private Stream<Piece> found(Piece.Up up) {
        if (up.link().equals("lo")) { // LoadBalancer addresses live here
            return Stream.empty();
        }
        Contents contents = contents(up.namespace());
        Stream<Piece> addresses = contents.addresses().stream()
                .filter(address -> address.link().equals(up.link()))
                .filter(address -> !address.address().isLinkLocal())
                .map(address -> new Piece.Address(up.namespace(), address));
        Stream<Piece> routes = contents.routes().stream()
                .filter(route ->
                        route.link().equals(up.link()) && route.gateway().isPresent())
                .map(route -> new Piece.Path(up.namespace(), route));
        return Stream.concat(routes, addresses);
    }

    private Contents contents(String namespace) {
        return namespaces.getOrDefault(namespace, Contents.none());
    }

    private static boolean isOfKind(Contents contents, String link, String kind) {
        return contents.link(link).filter(found -> found.kind().equals(kind)).isPresent();
    }
}
