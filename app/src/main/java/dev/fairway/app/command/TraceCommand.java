package dev.fairway.app.command;

import dev.fairway.app.ExitCode;
import dev.fairway.app.Terminal;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.trace.Trace;
import dev.fairway.app.trace.TraceEnds;
import dev.fairway.app.trace.TraceJson;
import dev.fairway.app.trace.TraceText;
import dev.fairway.schema.Json;
import dev.fairway.schema.client.ApiClient;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `fairway trace`: where a connection goes, and which rules decide that: predicted from what the API says, and then
/// observed with a real packet.
final class TraceCommand {

    private static final String PREDICT = "--predict";

    private TraceCommand() {}

    static Commands.Command command() {
        CommandSpec spec = Options.command(
                "trace", "Tell where a connection to a Service goes, and which rules decide it; then try it.");
        spec.usageMessage()
                .footer(
                        "",
                        "First a prediction: the node's rules are planned anew from what the API says"
                                + " now. Then, when node and client are on this machine, a real connection is opened"
                                + " and closed again (over UDP a byte is sent), and the kernel tells which rules it"
                                + " met. A difference is told as drift. All addresses of a Node count as those of its"
                                + " node ports.");
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
        spec.addOption(Options.flag(PREDICT, "Only predict: send nothing."));
        ClusterAccess.options().forEach(spec::addOption);
        spec.addOption(Options.output());
        return new Commands.Command(spec, TraceCommand::run);
    }

    private static int run(ParseResult options, Terminal terminal) {
        boolean asJson = Options.json(options);
        TraceEnds.Target to = TraceEnds.Target.parse(options.matchedPositionalValue(0, ""));
        Trace trace = ClusterAccess.ask(options, client -> trace(client, options, to));
        if (asJson) {
            terminal.out().println(Json.toPrettyText(TraceJson.of(trace)));
        } else {
            TraceText.of(trace).forEach(terminal.out()::println);
            terminal.out().flush();
            trace.notObserved().ifPresent(why -> terminal.note("not observed: " + why));
        }
        boolean drifts =
                trace.observation().filter(it -> !it.differences().isEmpty()).isPresent();
        return (drifts ? ExitCode.FAILED : ExitCode.OK).number();
    }

    private static Trace trace(ApiClient client, ParseResult options, TraceEnds.Target to) {
        String from = options.matchedOptionValue("--from", "");
        Optional<String> node = Optional.ofNullable(options.matchedOptionValue("--node", (String) null));
        TraceEnds ends = TraceEnds.find(client, from, to, node);
        Optional<ClusterConfig> cluster = Options.stateFolder(options).readSettings();
        return Options.given(options, PREDICT) ? Trace.predicted(client, ends) : Trace.observed(client, ends, cluster);
    }
}
