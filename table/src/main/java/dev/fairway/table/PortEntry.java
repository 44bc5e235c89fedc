package dev.fairway.table;

import java.util.List;

/// One port of a Service: where clients reach it and who answers, already decided.
///
/// @param name empty for a single unnamed port
/// @param port the Service port, as in SRV records
/// @param frontends every address that leads to it, both families
/// @param backends the usable endpoints under the policy `Cluster`, both families, sorted; a frontend uses those of its
///     own family
/// @param local the usable endpoints under the policy `Local`
/// @param serving every endpoint that serves, chosen or not, sorted: what a connection that stands may lead to
/// @param terminating the endpoints that end, serving or not, sorted
/// @param unready the endpoints that neither serve nor end, sorted; only where connections have a deadline, for
/// elsewhere
///     it is nobody's business when one comes or goes
public record PortEntry(
        String name,
        Protocol protocol,
        int port,
        List<Frontend> frontends,
        List<Backend> backends,
        LocalBackends local,
        List<Backend> serving,
        List<Backend> terminating,
        List<Backend> unready) {

    public PortEntry {
        frontends = List.copyOf(frontends);
        backends = List.copyOf(backends);
        serving = List.copyOf(serving);
        terminating = List.copyOf(terminating);
        unready = List.copyOf(unready);
    }

    /// A port whose endpoints all serve and none of which ends.
    public PortEntry(
            String name,
            Protocol protocol,
            int port,
            List<Frontend> frontends,
            List<Backend> backends,
            LocalBackends local,
            List<Backend> serving) {
        this(name, protocol, port, frontends, backends, local, serving, List.of(), List.of());
    }

    /// A port whose endpoints are all ready and all chosen.
    public PortEntry(String name, Protocol protocol, int port, List<Frontend> frontends, List<Backend> backends) {
        this(name, protocol, port, frontends, backends, LocalBackends.readyAmong(backends), backends);
    }
}
