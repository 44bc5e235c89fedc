package dev.fairway.app.command;

import dev.fairway.address.IpAddress;
import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.Terminal;
import dev.fairway.dataplane.Packet;
import dev.fairway.dataplane.PacketPath;
import dev.fairway.node.Prediction;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.client.ApiClient;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `fairway trace`: where a connection would go, and which rules decide that, predicted from what the API says.
final class TraceCommand {

    private TraceCommand() {}

    static Commands.Command command() {
        CommandSpec spec =
                Options.command("trace", "Tell where a connection to a Service would go, and which rules decide it.");
        spec.usageMessage()
                .footer(
                        "",
                        "A prediction: the node's rules are planned anew from what the API says now. No packet is sent",
                        "and no node is asked, so what is in the kernel may differ, as may routes, firewalls and",
                        "network policies on the way. All addresses of a Node count as those of its node ports.");
        spec.addPositional(PositionalParamSpec.builder()
                .index("0")
                .type(String.class)
                .required(true)
                .paramLabel("WHERE")
                .description("SERVICE[.NAMESPACE]:PORT or ADDRESS:PORT, an IPv6 address in brackets; UDP with /udp.")
                .build());
        spec.addOption(OptionSpec.builder("--from")
                .type(String.class)
                .required(true)
                .paramLabel("WHO")
                .description("Who connects: pod/[NAMESPACE/]NAME, node/NAME, outside, or an address there.")
                .build());
        spec.addOption(OptionSpec.builder("--node")
                .type(String.class)
                .paramLabel("NAME")
                .description("The node to which a client outside sends; the one with that address, or the first.")
                .build());
        ClusterAccess.options().forEach(spec::addOption);
        spec.addOption(Options.output());
        return new Commands.Command(spec, TraceCommand::run);
    }

    /// What was found: who connects to whom, and how.
    private record Traced(TraceEnds ends, List<PacketPath> ways) {}

    private static int run(ParseResult options, Terminal terminal) {
        boolean asJson = Options.json(options);
        TraceEnds.Target to = TraceEnds.Target.parse(options.matchedPositionalValue(0, ""));
        Traced traced = ClusterAccess.ask(options, client -> trace(client, options, to));
        if (asJson) {
            terminal.out().println(Json.toPrettyText(json(traced.ends(), traced.ways())));
        } else {
            print(traced.ends(), traced.ways(), terminal);
        }
        return ExitCode.OK.number();
    }

    private static Traced trace(ApiClient client, ParseResult options, TraceEnds.Target to) {
        String from = options.matchedOptionValue("--from", "");
        Optional<String> node = Optional.ofNullable(options.matchedOptionValue("--node", (String) null));
        TraceEnds ends = TraceEnds.find(client, from, to, node);
        return new Traced(ends, Prediction.of(client, ends.node()).ways(ends.packet()));
    }

    private static void print(TraceEnds ends, List<PacketPath> ways, Terminal terminal) {
        Packet packet = ends.packet();
        terminal.out()
                .printf(
                        "%s to %s %s, on node %s%n",
                        packet.source(),
                        packet.destination().withPort(packet.port()),
                        packet.protocol(),
                        Meta.name(ends.node()));
        Set<PacketPath.Step> steps = new LinkedHashSet<>(ways.getFirst().steps());
        steps.forEach(step -> terminal.out().printf("  %-16s %s%n", step.chain(), step.rule()));
        for (PacketPath way : ways) {
            terminal.out().println(outcome(way));
        }
    }

    private static String outcome(PacketPath way) {
        return switch (way.end()) {
            case REFUSED -> "refused: the client is told at once";
            case DROPPED -> "dropped: the client hears nothing";
            case SENT ->
                "to " + way.destination().withPort(way.port()) + (way.masqueraded() ? " with the node's address" : "");
        };
    }

    private static ObjectNode json(TraceEnds ends, List<PacketPath> ways) {
        Packet packet = ends.packet();
        ObjectNode out = Json.object()
                .put("node", Meta.name(ends.node()))
                .put("source", packet.source().toString())
                .put("destination", packet.destination().toString())
                .put("port", packet.port())
                .put("protocol", packet.protocol().name());
        ArrayNode list = out.putArray("ways");
        for (PacketPath way : ways) {
            ObjectNode entry = list.addObject()
                    .put("end", way.end().name())
                    .put("destination", way.destination().toString())
                    .put("port", way.port())
                    .put("masqueraded", way.masqueraded());
            ArrayNode steps = entry.putArray("steps");
            way.steps()
                    .forEach(
                            step -> steps.addObject().put("chain", step.chain()).put("rule", step.rule()));
        }
        return out;
    }

    /// For errors of the two ends.
    static CommandException usage(String what, String text, String expected) {
        return new CommandException(ExitCode.USAGE, what + ": expected " + expected + ", got \"" + text + "\"");
    }

    static IpAddress ofFamily(List<IpAddress> addresses, IpAddress like, String whose) {
        return addresses.stream()
                .filter(address -> address.family() == like.family())
                .findFirst()
                .orElseThrow(() -> new CommandException(
                        ExitCode.FAILED,
                        whose + " has no " + like.family().apiName() + " address to connect to " + like));
    }
}
