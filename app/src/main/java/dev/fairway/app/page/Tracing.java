package dev.fairway.app.page;

import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.trace.Trace;
import dev.fairway.app.trace.TraceEnds;
import dev.fairway.app.trace.TraceEnds.Who;
import dev.fairway.app.trace.TraceJson;
import dev.fairway.app.trace.TraceText;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Meta;
import dev.fairway.schema.client.ApiClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What `fairway trace` tells, for a page: a real connection, closed at once.
final class Tracing {

    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;

    private final ApiClient client;
    private final ClusterConfig cluster;
    /// A trace listens to all that the kernel tells of its node.
    private final Semaphore one = new Semaphore(1);

    Tracing(ApiClient client, ClusterConfig cluster) {
        this.client = client;
        this.cluster = cluster;
    }

    /// @param from as after `--from`
    /// @param to as `fairway trace` takes it
    /// @return the trace as `-o json` has it; its `lines` for people; as `hops` the picture's elements on the way
    /// @throws ApiException when one of both is not understood or not there, or a trace is under way
    ObjectNode trace(String from, String to) {
        if (!one.tryAcquire()) {
            throw new ApiException(TOO_MANY, "TooManyRequests", "another trace is under way; try again");
        }
        try {
            TraceEnds ends = TraceEnds.find(client, from, TraceEnds.Target.parse(to), Optional.empty());
            Trace trace = Trace.observed(client, ends, Optional.of(cluster));
            ObjectNode out = TraceJson.of(trace);
            ArrayNode lines = out.putArray("lines");
            TraceText.of(trace).forEach(lines::add);
            trace.notObserved().ifPresent(why -> lines.add("not observed: " + why));
            hops(trace).forEach(out.putArray("hops")::add);
            return out;
        } catch (CommandException refused) {
            boolean isUsage = refused.exitCode() == ExitCode.USAGE;
            throw new ApiException(
                    isUsage ? BAD_REQUEST : NOT_FOUND, isUsage ? "BadRequest" : "NotFound", refused.sentence());
        } catch (IllegalArgumentException malformed) {
            throw new ApiException(BAD_REQUEST, "BadRequest", String.valueOf(malformed.getMessage()));
        } finally {
            one.release();
        }
    }

    /// The pod at the end is known when the packet was seen there.
    private static List<String> hops(Trace trace) {
        List<String> out = new ArrayList<>();
        out.add(
                switch (trace.ends().who()) {
                    case Who.Pod(ObjectNode pod) -> "pod." + Meta.namespace(pod) + "." + Meta.name(pod);
                    case Who.OnNode() -> "node." + Meta.name(trace.ends().node());
                    case Who.Outside(boolean _) -> "outside";
                });
        trace.ends().service().ifPresent(key -> out.add("svc." + key.namespace() + "." + key.name()));
        trace.observation()
                .flatMap(observation -> observation.target())
                .ifPresent(target -> out.add("pod." + target.pod().replace('/', '.')));
        return out;
    }
}
