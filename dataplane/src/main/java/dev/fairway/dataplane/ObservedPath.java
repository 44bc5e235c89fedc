package dev.fairway.dataplane;

import dev.fairway.kernel.conntrack.Flow;
import dev.fairway.kernel.conntrack.Flow.Ends;
import java.util.List;
import java.util.Optional;

/// What the kernel of a node did with a real packet.
///
/// @param sent the ends of the first packet
/// @param answer what its sender heard
/// @param steps the rules that decided, of all tables, in order; empty when the packet did not come to the node, or no
///     rule decided anything
/// @param seen whether it came to the node at all
/// @param left its ends at the last hook: after the translation of the destination, before that of the source
/// @param flow how the node tracks the connection; empty when it was stopped
public record ObservedPath(
        Ends sent, Probe.Answer answer, boolean seen, List<Step> steps, Ends left, Optional<Flow> flow) {

    /// A rule that matched and decided.
    ///
    /// @param table in nft syntax, with its family
    /// @param handle as in `nft -a list ruleset`; 0 for the policy of a chain
    /// @param rule in nft syntax; of other programs' rules only the verdict
    public record Step(String table, String chain, long handle, String rule, String verdict) {

        @Override
        public String toString() {
            return table + " " + chain + (handle == 0 ? "" : " handle " + handle) + ": " + rule;
        }
    }

    public ObservedPath {
        steps = List.copyOf(steps);
    }

    /// Whether it left with the node's address as its source: a rule said so, or another program's rule did so. The
    /// port alone also changes where two clients have the same.
    public boolean masqueraded() {
        return steps.stream().anyMatch(step -> step.rule().contains("masquerade"))
                || flow.filter(it ->
                                !it.reply().destination().equals(it.original().source()))
                        .isPresent();
    }

    /// The rule or policy that ended its way; a rule that rejects does so too.
    public Optional<Step> stopped() {
        return steps.isEmpty()
                ? Optional.empty()
                : Optional.of(steps.getLast()).filter(step -> step.verdict().equals("drop"));
    }

    /// Where the packet went in the end, or was when it was stopped.
    public Ends arrived() {
        return flow.map(it -> new Ends(
                        it.reply().destination(),
                        it.reply().destinationPort(),
                        it.reply().source(),
                        it.reply().sourcePort()))
                .orElse(left);
    }
}
