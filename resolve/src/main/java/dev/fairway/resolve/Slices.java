package dev.fairway.resolve;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.table.NameEntry.HeadlessEndpoint;
import dev.fairway.table.NameEntry.NamedPort;
import dev.fairway.table.Protocol;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// The endpoints in a Service's EndpointSlices.
final class Slices {

    private static final Comparator<HeadlessEndpoint> ORDER =
            Comparator.comparing(HeadlessEndpoint::address).thenComparing(HeadlessEndpoint::hostname);

    private final List<Slice> slices;
    private final List<String> problems;

    /// @param slices in name order, so that equal inputs give equal choices among duplicates
    /// @param problems where unreadable endpoints are reported
    Slices(List<Slice> slices, List<String> problems) {
        this.slices = slices;
        this.problems = problems;
    }

    /// The endpoints of one port and family. An address and port that several slices name is one endpoint, ready if
    /// any of them says so.
    List<EndpointChoice.Candidate> candidates(String portName, Protocol protocol, IpFamily family) {
        Map<At, EndpointChoice.Candidate> out = new LinkedHashMap<>();
        for (Slice slice : ofFamily(family)) {
            problems.addAll(slice.badWeights());
            for (NamedPort port : slice.ports()) {
                if (port.name().equals(portName) && port.protocol() == protocol) {
                    problems.addAll(slice.badEndpoints());
                    slice.endpoints()
                            .forEach(endpoint -> out.merge(
                                    new At(endpoint.address(), port.port()),
                                    new EndpointChoice.Candidate(endpoint, port.port()),
                                    (first, second) -> first.ready() ? first : second));
                }
            }
        }
        return List.copyOf(out.values());
    }

    private record At(IpAddress address, int port) {}

    /// The ready endpoints with their names and ports, of both families.
    ///
    /// @param publishNotReady every endpoint counts as ready
    List<HeadlessEndpoint> headless(boolean publishNotReady) {
        Map<Named, TreeSet<NamedPort>> out =
                new TreeMap<>(Comparator.comparing(Named::address).thenComparing(Named::hostname));
        for (IpFamily family : IpFamily.values()) {
            for (Slice slice : ofFamily(family)) {
                problems.addAll(slice.badEndpoints());
                slice.endpoints().stream()
                        .filter(endpoint -> publishNotReady || endpoint.ready())
                        .map(endpoint -> new Named(endpoint.hostname(), endpoint.address()))
                        .forEach(named -> out.computeIfAbsent(named, _ -> new TreeSet<>(PORT_ORDER))
                                .addAll(slice.ports()));
            }
        }
        return out.entrySet().stream()
                .map(e -> new HeadlessEndpoint(e.getKey().hostname(), e.getKey().address(), List.copyOf(e.getValue())))
                .sorted(ORDER)
                .toList();
    }

    private record Named(String hostname, IpAddress address) {}

    private static final Comparator<NamedPort> PORT_ORDER = Comparator.comparing(NamedPort::name)
            .thenComparing(NamedPort::protocol)
            .thenComparingInt(NamedPort::port);

    private List<Slice> ofFamily(IpFamily family) {
        return slices.stream()
                .filter(slice -> slice.family().equals(Optional.of(family)))
                .toList();
    }
}
