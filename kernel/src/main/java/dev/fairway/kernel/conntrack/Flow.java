package dev.fairway.kernel.conntrack;

import dev.fairway.address.IpAddress;

/// A connection that the kernel tracks; UDP has such too, made of packets close in time.
///
/// @param id the kernel's number of the entry, by which another one with the same ends is told apart
/// @param protocol the IANA protocol number
/// @param original the ends as in the first packet
/// @param reply the ends as in its answers: the source is whoever the first packet was led to
/// @param established of TCP: both sides have shaken hands and neither has begun to end it; true for others
public record Flow(int id, int protocol, Ends original, Ends reply, boolean established) {

    /// Who sends to whom.
    public record Ends(IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {

        @Override
        public String toString() {
            return source.withPort(sourcePort) + " -> " + destination.withPort(destinationPort);
        }
    }

    /// Whether answers come from where the first packet was sent to.
    public boolean isUntranslated() {
        return reply.source().equals(original.destination()) && reply.sourcePort() == original.destinationPort();
    }
}
