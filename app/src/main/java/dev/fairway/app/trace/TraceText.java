package dev.fairway.app.trace;

import dev.fairway.dataplane.ObservedPath;
import dev.fairway.dataplane.Packet;
import dev.fairway.dataplane.PacketPath;
import dev.fairway.dataplane.Probe;
import dev.fairway.kernel.conntrack.Flow.Ends;
import dev.fairway.node.Prediction.Way;
import dev.fairway.schema.Meta;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A trace for people, line by line. Pure.
public final class TraceText {

    private static final int UDP = 17;

    private TraceText() {}

    public static List<String> of(Trace trace) {
        List<String> lines = new ArrayList<>();
        Packet packet = trace.ends().packet();
        lines.add(packet.source() + " to " + packet.destination().withPort(packet.port()) + " " + packet.protocol()
                + ", on node " + Meta.name(trace.ends().node()));
        Set<PacketPath.Step> steps =
                new LinkedHashSet<>(trace.ways().getFirst().path().steps());
        steps.forEach(step -> lines.add("  %-16s %s".formatted(step.chain(), step.rule())));
        trace.ways().forEach(way -> lines.add(outcome(way)));
        trace.observation().ifPresent(observation -> add(lines, observation));
        return lines;
    }

    private static String outcome(Way way) {
        PacketPath path = way.path();
        return switch (path.end()) {
            case REFUSED -> "refused: the client is told at once";
            case DROPPED -> "dropped: the client hears nothing";
            case SENT ->
                "to " + path.destination().withPort(path.port())
                        + (path.masqueraded() ? " with the node's address" : "")
                        + (way.share() < 1 ? ", %.0f %%".formatted(100 * way.share()) : "");
        };
    }

    private static void add(List<String> lines, Observation observation) {
        ObservedPath path = observation.path();
        lines.add("observed with a packet from port " + path.sent().sourcePort());
        observation.name().ifPresent(name -> lines.add("  %-16s %s".formatted("name", name(name))));
        path.steps()
                .forEach(step -> lines.add("  %-16s %s  [%s%s]"
                        .formatted(
                                step.chain(),
                                step.rule(),
                                step.table(),
                                step.handle() == 0 ? "" : ", handle " + step.handle())));
        String last = path.stopped().isPresent() ? "stopped" : "left";
        lines.add("  %-16s %s".formatted(last, ends(path.arrived()) + (path.masqueraded() ? ", masqueraded" : "")));
        observation.target().ifPresent(target -> lines.add("  %-16s %s".formatted("arrived", target(target, path))));
        lines.add(answer(path));
        observation.differences().forEach(drift -> lines.add("drift: " + drift));
        if (observation.differences().isEmpty()) {
            lines.add(verdict(path));
        }
    }

    private static String verdict(ObservedPath path) {
        if (!path.seen()) {
            return "it did not come to the node: what is before the node took it, as the load balancer does with its "
                    + "addresses";
        }
        boolean lost = path.stopped().isEmpty() && path.answer() != Probe.Answer.ANSWERED && !isUdp(path);
        return lost ? "the node did as predicted: what is behind it did not answer" : "as predicted";
    }

    private static String name(NameAnswer name) {
        return name.name() + ", says " + name.server() + ": "
                + (name.records().isEmpty() ? name.said() : String.join("; ", name.records()));
    }

    private static String ends(Ends ends) {
        return ends.source().withPort(ends.sourcePort()) + " to "
                + ends.destination().withPort(ends.destinationPort());
    }

    private static String target(Observation.Target target, ObservedPath path) {
        String where = "pod " + target.pod() + " on node " + target.node();
        return target.process()
                .map(process -> where + ", where " + process + " waits on port "
                        + path.arrived().destinationPort())
                .orElse(where);
    }

    private static String answer(ObservedPath path) {
        return switch (path.answer()) {
            case ANSWERED -> "answered";
            case REFUSED -> "refused";
            case UNREACHABLE -> "told that there is no way";
            case SILENT -> "no answer within a second" + (isUdp(path) ? ", which over UDP is no fault" : "");
        };
    }

    /// The program may have nothing to say to an unknown datagram.
    private static boolean isUdp(ObservedPath path) {
        return path.flow().filter(flow -> flow.protocol() == UDP).isPresent();
    }
}
