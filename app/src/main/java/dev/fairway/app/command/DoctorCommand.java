package dev.fairway.app.command;

import dev.fairway.app.ExitCode;
import dev.fairway.app.ServerRecord;
import dev.fairway.app.Settings;
import dev.fairway.app.StateFolder;
import dev.fairway.app.Terminal;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.doctor.ClusterChecks;
import dev.fairway.app.doctor.ClusterFacts;
import dev.fairway.app.doctor.ClusterFacts.ApiTrouble;
import dev.fairway.app.doctor.ClusterReader;
import dev.fairway.app.doctor.MachineChecks;
import dev.fairway.app.doctor.MachineReader;
import dev.fairway.app.doctor.Verdict;
import dev.fairway.app.doctor.Verdict.Result;
import dev.fairway.app.server.ApiProbe;
import dev.fairway.client.RemoteApiClient;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `fairway doctor`: whether the machine can carry a cluster and whether the cluster's parts do their work. It reads
/// and asks; it changes nothing.
final class DoctorCommand {

    private static final String PRE = "--pre";
    private static final String CONFIG = "--config";

    private DoctorCommand() {}

    static Commands.Command command() {
        CommandSpec spec = Options.command("doctor", "Check the machine, and the cluster that runs on it.");
        spec.addOption(Options.flag(PRE, "Only the machine: whether a cluster could be started here."));
        spec.addOption(OptionSpec.builder(CONFIG)
                .type(Path.class)
                .paramLabel("FILE")
                .description("Settings with which a cluster is to be started; those of the state folder without it.")
                .build());
        spec.addOption(Options.state());
        spec.addOption(Options.output());
        return new Commands.Command(spec, DoctorCommand::run);
    }

    private static int run(ParseResult options, Terminal terminal) {
        boolean asJson = Options.json(options);
        StateFolder state = Options.stateFolder(options);
        Optional<ServerRecord> server = ServerRecord.running(state);
        ClusterConfig config =
                Settings.planned(state, Optional.ofNullable(options.matchedOptionValue(CONFIG, (Path) null)));
        List<Verdict> verdicts =
                new ArrayList<>(MachineChecks.all(MachineReader.read(config, state, server.isPresent())));
        if (!Options.given(options, PRE)) {
            verdicts.addAll(ClusterChecks.all(cluster(config, state, server)));
        }
        if (asJson) {
            terminal.out().println(Json.toPrettyText(json(verdicts)));
        } else {
            print(verdicts, terminal);
        }
        boolean failed = verdicts.stream().anyMatch(each -> each.result() == Result.FAILED);
        return (failed ? ExitCode.FAILED : ExitCode.OK).number();
    }

    private static ClusterFacts cluster(ClusterConfig config, StateFolder state, Optional<ServerRecord> server) {
        Instant now = Instant.now();
        if (server.isEmpty()) {
            return ClusterReader.unreachable(
                    new ApiTrouble("no cluster of " + state.root() + " runs here", false), state, now);
        }
        if (!ApiProbe.isReady(state, server.get().apiPort())) {
            return ClusterReader.unreachable(
                    new ApiTrouble("/readyz on port " + server.get().apiPort() + " does not say that it is", true),
                    state,
                    now);
        }
        try (RemoteApiClient client = RemoteApiClient.open(state.kubeconfig(), "fairway")) {
            return ClusterReader.read(config, state, client, now);
        } catch (ApiException refused) {
            return ClusterReader.unreachable(new ApiTrouble(refused.text(), true), state, now);
        } catch (IOException e) {
            return ClusterReader.unreachable(new ApiTrouble(String.valueOf(e.getMessage()), true), state, now);
        }
    }

    private static void print(List<Verdict> verdicts, Terminal terminal) {
        for (Verdict verdict : verdicts) {
            terminal.out().printf("%-8s %-18s %s%n", word(verdict), verdict.id(), verdict.sentence());
            verdict.evidence().forEach(fact -> terminal.out().println("    " + fact));
            if (!verdict.fix().isEmpty()) {
                terminal.out().println("    try:  " + verdict.fix());
                terminal.out().println("    read: " + verdict.page());
            }
        }
        terminal.out().flush();
    }

    private static String word(Verdict verdict) {
        return verdict.result().name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode json(List<Verdict> verdicts) {
        ObjectNode out = Json.object();
        ArrayNode list = out.putArray("checks");
        for (Verdict verdict : verdicts) {
            ObjectNode entry = list.addObject()
                    .put("id", verdict.id())
                    .put("result", word(verdict))
                    .put("sentence", verdict.sentence());
            ArrayNode evidence = entry.putArray("evidence");
            verdict.evidence().forEach(evidence::add);
            entry.put("fix", verdict.fix()).put("page", verdict.page());
        }
        return out;
    }
}
