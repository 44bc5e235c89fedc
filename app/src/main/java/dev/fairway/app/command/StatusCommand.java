package dev.fairway.app.command;

import dev.fairway.app.ExitCode;
import dev.fairway.app.ServerRecord;
import dev.fairway.app.StateFolder;
import dev.fairway.app.Terminal;
import dev.fairway.app.Version;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.page.PageServer;
import dev.fairway.app.server.ApiProbe;
import dev.fairway.schema.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `fairway status`: what runs, since when, where its kubeconfig is.
final class StatusCommand {

    private StatusCommand() {}

    static Commands.Command command() {
        CommandSpec spec = Options.command("status", "What runs, since when, and where its kubeconfig is.");
        spec.addOption(Options.state());
        spec.addOption(Options.output());
        return new Commands.Command(spec, StatusCommand::run);
    }

    static String versionLine() {
        return "fairway " + Version.NUMBER + " (Java " + Version.java() + ")";
    }

    private static int run(ParseResult options, Terminal terminal) {
        boolean asJson = Options.json(options);
        StateFolder state = Options.stateFolder(options);
        Optional<ServerRecord> server = ServerRecord.running(state);
        boolean answers =
                server.isPresent() && ApiProbe.isReady(state, server.get().apiPort());
        ObjectNode status = status(state, server, answers);
        if (asJson) {
            terminal.out().println(Json.toPrettyText(status));
        } else {
            print(status, terminal);
        }
        return (answers ? ExitCode.OK : ExitCode.API_UNREACHABLE).number();
    }

    private static ObjectNode status(StateFolder state, Optional<ServerRecord> server, boolean answers) {
        ObjectNode json = Json.object();
        json.put("running", server.isPresent());
        json.put("ready", answers);
        server.ifPresent(record -> {
            json.put("pid", record.pid());
            json.put("since", record.since().toString());
            json.put("api", "https://127.0.0.1:" + record.apiPort());
            if (record.pagePort() != 0) {
                json.put("page", PageServer.url(state, record.pagePort()));
            }
        });
        json.put("kubeconfig", state.kubeconfig().toString());
        json.put("state", state.root().toString());
        json.put("log", state.log().toString());
        json.put("version", server.map(ServerRecord::version).orElse(Version.NUMBER));
        json.put("java", Version.java());
        state.readSettings().ifPresent(config -> addNodes(json, config));
        return json;
    }

    private static void addNodes(ObjectNode json, ClusterConfig config) {
        json.put("cluster", config.name());
        ArrayNode nodes = json.putArray("nodes");
        for (ClusterConfig.NodeConfig node : config.nodes()) {
            ObjectNode entry = nodes.addObject();
            entry.put("name", node.name());
            entry.put("namespace", config.name() + "-" + node.name());
            node.outside().forEach(address -> entry.withArray("outside").add(address.toString()));
            node.inside().forEach(address -> entry.withArray("inside").add(address.toString()));
        }
    }

    private static void print(ObjectNode status, Terminal terminal) {
        boolean running = status.path("running").booleanValue();
        terminal.out()
                .println(terminal.bold(running ? "running" : "not running")
                        + (running ? " for " + age(status.path("since").stringValue()) : "")
                        + (running && !status.path("ready").booleanValue() ? ", but the API does not answer" : ""));
        if (!running) {
            terminal.note("start it with: fairway up");
        }
        status.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isString() || value.isIntegralNumber()) {
                terminal.out().printf("  %-11s %s%n", field.getKey(), value.asString());
            }
        });
        for (JsonNode node : status.path("nodes")) {
            terminal.out()
                    .printf(
                            "  %-11s %s outside %s inside %s%n",
                            "node", node.path("name").stringValue(), node.path("outside"), node.path("inside"));
        }
    }

    private static String age(String since) {
        Duration age = Duration.between(Instant.parse(since), Instant.now());
        return age.toSeconds() < 120 ? age.toSeconds() + " s" : age.toMinutes() + " min";
    }
}
