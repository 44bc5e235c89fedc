package dev.fairway.app.trace;

import dev.fairway.dataplane.ObservedPath;
import dev.fairway.dataplane.Packet;
import dev.fairway.dataplane.PacketPath;
import dev.fairway.kernel.conntrack.Flow.Ends;
import dev.fairway.node.Prediction.Way;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A trace for programs. Pure.
public final class TraceJson {

    private TraceJson() {}

    public static ObjectNode of(Trace trace) {
        Packet packet = trace.ends().packet();
        ObjectNode out = Json.object()
                .put("node", Meta.name(trace.ends().node()))
                .put("source", packet.source().toString())
                .put("destination", packet.destination().toString())
                .put("port", packet.port())
                .put("protocol", packet.protocol().name());
        ArrayNode ways = out.putArray("ways");
        trace.ways().forEach(way -> ways.add(way(way)));
        trace.observation().ifPresent(observation -> out.set("observed", observed(observation)));
        trace.notObserved().ifPresent(why -> out.put("notObserved", why));
        return out;
    }

    private static ObjectNode way(Way way) {
        PacketPath path = way.path();
        ObjectNode out = Json.object()
                .put("end", path.end().name())
                .put("destination", path.destination().toString())
                .put("port", path.port())
                .put("masqueraded", path.masqueraded())
                .put("share", way.share());
        ArrayNode steps = out.putArray("steps");
        path.steps()
                .forEach(step -> steps.addObject().put("chain", step.chain()).put("rule", step.rule()));
        return out;
    }

    private static ObjectNode observed(Observation observation) {
        ObservedPath path = observation.path();
        ObjectNode out = Json.object().put("answer", path.answer().name()).put("cameToNode", path.seen());
        observation.name().ifPresent(name -> {
            ObjectNode dns = out.putObject("name")
                    .put("name", name.name())
                    .put("server", name.server().toString())
                    .put("said", name.said());
            texts(dns.putArray("records"), name.records());
        });
        ArrayNode steps = out.putArray("steps");
        path.steps()
                .forEach(step -> steps.addObject()
                        .put("table", step.table())
                        .put("chain", step.chain())
                        .put("handle", step.handle())
                        .put("rule", step.rule())
                        .put("verdict", step.verdict()));
        out.set("sent", ends(path.sent()));
        out.set("arrived", ends(path.arrived()));
        out.put("masqueraded", path.masqueraded());
        observation.target().ifPresent(target -> {
            ObjectNode pod = out.putObject("target").put("pod", target.pod()).put("node", target.node());
            target.process().ifPresent(process -> pod.put("process", process));
        });
        texts(out.putArray("drift"), observation.differences());
        return out;
    }

    private static void texts(ArrayNode out, List<String> texts) {
        texts.forEach(out::add);
    }

    private static ObjectNode ends(Ends ends) {
        return Json.object()
                .put("source", ends.source().toString())
                .put("sourcePort", ends.sourcePort())
                .put("destination", ends.destination().toString())
                .put("destinationPort", ends.destinationPort());
    }
}
