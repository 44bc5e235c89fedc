package dev.fairway.picture.explain;

import java.util.List;
import java.util.Optional;

/// A real connection that was tried to a port of a Service, as the node's kernel saw it.
///
/// @param from who tried: `pod shop/client`
/// @param where the address and port that were dialled
/// @param protocol `TCP` or `UDP`
/// @param to who was chosen: a pod and its address
/// @param toItself the chosen pod is the one that tried
/// @param stoppedBy the rule of another program that stopped it
/// @param drift where the node did, or has, something else than the API says
/// @param steps the rules it met
public record Attempt(
        String from,
        String where,
        String protocol,
        Outcome outcome,
        Optional<String> to,
        boolean toItself,
        Optional<String> stoppedBy,
        List<String> drift,
        List<String> steps) {

    /// What the client heard.
    public enum Outcome {
        ANSWERED,
        REFUSED,
        SILENT
    }

    public Attempt {
        drift = List.copyOf(drift);
        steps = List.copyOf(steps);
    }

    /// Over UDP silence is no fault.
    public boolean failed() {
        return !drift.isEmpty()
                || stoppedBy.isPresent()
                || outcome == Outcome.REFUSED
                || outcome == Outcome.SILENT && protocol.equals("TCP");
    }
}
