package dev.fairway.app.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// What was read of a running cluster; nothing here is judged.
///
/// @param now when it was read
/// @param state the option that names the state folder to a command; empty for the usual one
/// @param api why the API is not ready; empty when it is
/// @param certificates when each certificate ends, by its name
/// @param nodes by name
/// @param pending Services of type LoadBalancer that have no address yet, as `namespace/name`
/// @param poolsConfigured whether the settings have blocks for load balancers
/// @param dns what the name server said on each node, over each transport
public record ClusterFacts(
        Instant now,
        String state,
        Optional<ApiTrouble> api,
        SortedMap<String, Instant> certificates,
        SortedMap<String, NodeFacts> nodes,
        List<String> pending,
        boolean poolsConfigured,
        List<DnsAnswer> dns) {

    /// @param why in a few words
    /// @param runs whether there is a server at all
    public record ApiTrouble(String why, boolean runs) {}

    /// @param ready the Node's condition `Ready`
    /// @param message of that condition
    /// @param silence since the last sign of life; empty when there never was one
    /// @param health what its health port said; empty when the node is not on this machine and was not asked
    /// @param strangers tables of nftables in its namespace that are not the cluster's
    public record NodeFacts(
            boolean ready,
            String message,
            Optional<Duration> silence,
            Optional<Health> health,
            List<StrangeTable> strangers) {
        public NodeFacts {
            strangers = List.copyOf(strangers);
        }
    }

    /// @param namespace where it is
    /// @param name with its family: `inet filter`
    public record StrangeTable(String namespace, String name) {}

    /// Whether a node's kernel has the newest Services, in its own words.
    ///
    /// @param trouble empty when it has
    public record Health(String trouble) {
        static final Health GOOD = new Health("");
    }

    /// @param question what was asked of whom, and how
    /// @param expected what a healthy server says
    /// @param answer what was said, or why nothing was
    public record DnsAnswer(String question, String expected, String answer) {}
}
