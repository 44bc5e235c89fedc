package dev.fairway.app;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What a running server wrote down about itself.
///
/// @param pagePort 0 when it serves no page
public record ServerRecord(ProcessIdentity identity, Instant since, int apiPort, int pagePort, String version) {

    public static ServerRecord ofThisProcess(int apiPort, int pagePort) {
        return new ServerRecord(ProcessIdentity.ofThisProcess(), Instant.now(), apiPort, pagePort, Version.NUMBER);
    }

    public static Optional<ServerRecord> read(StateFolder state) {
        return state.readText(state.serverRecord()).map(text -> {
            ObjectNode json = Json.parse(text);
            return new ServerRecord(
                    new ProcessIdentity(Tree.number(json, 0, "pid"), Tree.number(json, 0, "startedMillis")),
                    Instant.parse(Tree.text(json, "since")),
                    (int) Tree.number(json, 0, "apiPort"),
                    (int) Tree.number(json, 0, "pagePort"),
                    Tree.text(json, "version"));
        });
    }

    public long pid() {
        return identity.pid();
    }

    public void write(StateFolder state) {
        ObjectNode json = Json.object();
        json.put("pid", pid());
        json.put("startedMillis", identity.startedMillis());
        json.put("since", since.toString());
        json.put("apiPort", apiPort);
        json.put("pagePort", pagePort);
        json.put("version", version);
        state.writeText(state.serverRecord(), Json.toPrettyText(json) + "\n");
    }

    /// The running server of this state folder.
    public static Optional<ServerRecord> running(StateFolder state) {
        return read(state).filter(server -> server.identity.process().isPresent());
    }
}
