package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import java.util.List;

/// What becomes of a packet on a node.
///
/// @param destination where it is sent in the end, or was when it was stopped
/// @param masqueraded it leaves with the node's address
/// @param steps the rules that decided, in order
public record PacketPath(End end, IpAddress destination, int port, boolean masqueraded, List<Step> steps) {

    /// How it ends.
    public enum End {
        /// It goes on to its destination.
        SENT,
        /// The sender is told that nobody answers.
        REFUSED,
        /// Nobody is told.
        DROPPED
    }

    /// A rule that matched and decided.
    ///
    /// @param rule in nft syntax
    public record Step(String chain, String rule) {
        @Override
        public String toString() {
            return chain + ": " + rule;
        }
    }

    public PacketPath {
        steps = List.copyOf(steps);
    }
}
