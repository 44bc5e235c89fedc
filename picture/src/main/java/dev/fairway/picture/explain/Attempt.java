package dev.fairway.picture.explain;

import dev.fairway.schema.ObjectKey;
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
/// @param misnamed what the name server says when the Service's name does not stand for that address
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
        Optional<String> misnamed,
        List<String> steps) {

    private static final String POD = "pod ";

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

    /// The pod that tried; empty when it was no pod.
    Optional<ObjectKey> client() {
        String name = from.startsWith(POD) ? from.substring(POD.length()) : "";
        int slash = name.indexOf('/');
        return name.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new ObjectKey(slash < 0 ? "default" : name.substring(0, slash), name.substring(slash + 1)));
    }

    /// The port that was dialled.
    int port() {
        return Integer.parseInt(where.substring(where.lastIndexOf(':') + 1));
    }

    /// Something on the way kept it from who was chosen, without a word.
    boolean isLost() {
        return stoppedBy.isPresent() || outcome == Outcome.SILENT && protocol.equals("TCP") && to.isPresent();
    }

    /// Over UDP silence is no fault.
    public boolean failed() {
        return !drift.isEmpty()
                || misnamed.isPresent()
                || stoppedBy.isPresent()
                || outcome == Outcome.REFUSED
                || outcome == Outcome.SILENT && protocol.equals("TCP");
    }
}
