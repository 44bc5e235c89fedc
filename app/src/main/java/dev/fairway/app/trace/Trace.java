package dev.fairway.app.trace;

import dev.fairway.app.config.ClusterConfig;
import dev.fairway.kernel.KernelException;
import dev.fairway.node.Prediction;
import dev.fairway.schema.client.ApiClient;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Where a connection goes: predicted from the API, and observed with a real packet where that can be done.
///
/// @param ends who connects to whom
/// @param ways that were predicted
/// @param observation of a real packet
/// @param notObserved why there is none; empty when there is, or none was wanted
public record Trace(
        TraceEnds ends, List<Prediction.Way> ways, Optional<Observation> observation, Optional<String> notObserved) {

    public Trace {
        ways = List.copyOf(ways);
    }

    /// Sends nothing.
    public static Trace predicted(ApiClient client, TraceEnds ends) {
        return of(ends, Prediction.of(client, ends.node()), Optional.empty());
    }

    /// @param cluster of this machine's state folder
    public static Trace observed(ApiClient client, TraceEnds asked, Optional<ClusterConfig> cluster) {
        return observed(client, asked, cluster, Prediction.of(client, asked.node()));
    }

    /// @param prediction of what the asked node does
    static Trace observed(ApiClient client, TraceEnds asked, Optional<ClusterConfig> cluster, Prediction prediction) {
        try {
            TraceSender place = TraceSender.find(cluster, asked);
            TraceEnds ends = asked.from(place.source());
            Observation observation = Observation.make(client, cluster, place, ends, prediction);
            return new Trace(ends, prediction.ways(ends.packet()), Optional.of(observation), Optional.empty());
        } catch (TraceSender.Elsewhere | IOException | KernelException e) {
            return of(asked, prediction, Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private static Trace of(TraceEnds ends, Prediction prediction, Optional<String> notObserved) {
        return new Trace(ends, prediction.ways(ends.packet()), Optional.empty(), notObserved);
    }
}
