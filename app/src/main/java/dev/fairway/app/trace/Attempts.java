package dev.fairway.app.trace;

import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.dataplane.ObservedPath;
import dev.fairway.dataplane.Probe;
import dev.fairway.node.Prediction;
import dev.fairway.picture.explain.Attempt;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.table.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Tries each port of a Service for real, some times or until an attempt fails.
///
/// @param made all attempts, in their order
/// @param notMade why there are no more
public record Attempts(List<Attempt> made, Optional<String> notMade) {

    /// A Service may fail for one of its endpoints only, and each attempt meets one.
    private static final int TIMES = 6;

    public Attempts {
        made = List.copyOf(made);
    }

    /// @param from as for `fairway trace`
    /// @param cluster of this machine's state folder
    /// @throws CommandException when `from` is not understood
    public static Attempts make(ApiClient client, ObjectNode service, String from, Optional<ClusterConfig> cluster) {
        ObjectKey key = Meta.key(service);
        List<Attempt> made = new ArrayList<>();
        for (ObjectNode port : Tree.objects(service, "spec", "ports")) {
            try {
                Protocol protocol = Protocol.valueOf(Tree.text(port, "protocol"));
                TraceEnds.Target to = new TraceEnds.Target(
                        key.name() + "." + key.namespace(), (int) Tree.number(port, 0, "port"), protocol);
                TraceEnds ends = TraceEnds.find(client, from, to, Optional.empty());
                Optional<Prediction> prediction = Optional.empty();
                int times = TIMES;
                for (int time = 0; time < times && (time == 0 || !made.getLast().failed()); time++) {
                    Prediction old = prediction.orElseGet(() -> Prediction.of(client, ends.node()));
                    Trace trace = observed(client, ends, cluster, old, prediction.isPresent());
                    if (trace.observation().isEmpty()) {
                        return new Attempts(made, trace.notObserved());
                    }
                    made.add(attempt(from, trace, trace.observation().get()));
                    prediction = Optional.of(old);
                    times = trace.ways().size() == 1 ? 1 : TIMES;
                }
            } catch (CommandException impossible) {
                if (impossible.exitCode() == ExitCode.USAGE) {
                    throw impossible;
                }
                return new Attempts(made, Optional.of(impossible.sentence()));
            }
        }
        return new Attempts(made, Optional.empty());
    }

    /// What has changed since the prediction is no drift.
    private static Trace observed(
            ApiClient client, TraceEnds ends, Optional<ClusterConfig> cluster, Prediction prediction, boolean isOld) {
        Trace trace = Trace.observed(client, ends, cluster, prediction);
        boolean drifts =
                trace.observation().filter(it -> !it.differences().isEmpty()).isPresent();
        return isOld && drifts ? Trace.observed(client, ends, cluster) : trace;
    }

    private static Attempt attempt(String from, Trace trace, Observation observation) {
        ObservedPath path = observation.path();
        String itself = trace.ends().who() instanceof TraceEnds.Who.Pod(ObjectNode pod)
                ? Meta.key(pod).toString()
                : "";
        return new Attempt(
                from.replaceFirst("/", " "),
                path.sent().destination().withPort(path.sent().destinationPort()),
                trace.ends().packet().protocol().name(),
                outcome(path.answer()),
                observation
                        .target()
                        .map(target -> "pod " + target.pod() + " at "
                                + path.arrived()
                                        .destination()
                                        .withPort(path.arrived().destinationPort())),
                observation
                        .target()
                        .filter(target -> target.pod().equals(itself))
                        .isPresent(),
                path.stopped()
                        .filter(step -> !step.table().endsWith(" fairway"))
                        .map(Object::toString),
                observation.drift(),
                observation.misnamed(),
                path.steps().stream().map(Object::toString).toList());
    }

    private static Attempt.Outcome outcome(Probe.Answer answer) {
        return switch (answer) {
            case ANSWERED -> Attempt.Outcome.ANSWERED;
            case REFUSED, UNREACHABLE -> Attempt.Outcome.REFUSED;
            case SILENT -> Attempt.Outcome.SILENT;
        };
    }
}
