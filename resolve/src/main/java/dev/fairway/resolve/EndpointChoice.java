package dev.fairway.resolve;

import dev.fairway.table.Backend;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Which endpoints of one port and family a node sends to: under the policy `Cluster` those of `choose`, under `Local`
/// those of `local`, each with a fall-back of its own.
///
/// The order of the rules is kube-proxy's (`pkg/proxy/topology.go`): hints for this node, hints for this zone, all
/// ready ones; and when none is ready, those that still serve while they terminate, wherever they are. Locally, hints
/// say nothing.
final class EndpointChoice {

    /// An endpoint at one of its slice's ports.
    record Candidate(Slice.Endpoint endpoint, int port) {

        Backend toBackend(NodeView node) {
            return new Backend(endpoint.address(), port, isOn(node), endpoint.weight());
        }

        private boolean isOn(NodeView node) {
            return !endpoint.nodeName().isEmpty() && endpoint.nodeName().equals(node.name());
        }

        boolean ready() {
            return endpoint.ready();
        }

        boolean serving() {
            return endpoint.serving();
        }

        boolean terminating() {
            return endpoint.terminating();
        }

        boolean waits() {
            return !endpoint.serving() && !endpoint.terminating();
        }

        private boolean drains() {
            return endpoint.serving() && endpoint.terminating();
        }

        private Set<String> nodeHints() {
            return endpoint.nodeHints();
        }

        private Set<String> zoneHints() {
            return endpoint.zoneHints();
        }
    }

    private EndpointChoice() {}

    static List<Candidate> choose(List<Candidate> candidates, NodeView node) {
        List<Candidate> ready = candidates.stream().filter(Candidate::ready).toList();
        if (ready.isEmpty()) {
            return filter(candidates, Candidate::drains);
        }
        // One endpoint without a hint turns the hints off for the whole port.
        if (ready.stream().noneMatch(candidate -> candidate.nodeHints().isEmpty())) {
            List<Candidate> hinted = filter(ready, c -> c.nodeHints().contains(node.name()));
            if (!hinted.isEmpty()) {
                return hinted;
            }
        }
        if (!node.zone().isEmpty()
                && ready.stream().noneMatch(candidate -> candidate.zoneHints().isEmpty())) {
            List<Candidate> hinted = filter(ready, c -> c.zoneHints().contains(node.zone()));
            if (!hinted.isEmpty()) {
                return hinted;
            }
        }
        return ready;
    }

    /// What the node itself has: the ready ones, else those that still serve.
    static List<Candidate> local(List<Candidate> candidates, NodeView node) {
        List<Candidate> here = filter(candidates, candidate -> candidate.isOn(node));
        List<Candidate> ready = filter(here, Candidate::ready);
        return ready.isEmpty() ? filter(here, Candidate::drains) : ready;
    }

    private static List<Candidate> filter(List<Candidate> candidates, Predicate<Candidate> wanted) {
        return candidates.stream().filter(wanted).toList();
    }
}
