package dev.fairway.app;

import dev.fairway.app.command.Commands;
import dev.fairway.client.RemoteApiClient;
import dev.fairway.kernel.KernelException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import dev.fairway.schema.client.ApiClient.Selection;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/// What the launcher plays once after a build, so that the JVM notes which classes commands and servers need, and what
/// they do often, and finds that ready at every start from then on (JEP 514, JEP 515): commands that ask an API server,
/// and a server to ask. It is in a folder of its own and on loopback only, and ends with the rehearsal. Who may make
/// network namespaces looks into a node, too.
public final class Rehearsal {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int POLL_MILLIS = 100;
    /// Enough for the server's compilers to see what is done often.
    private static final int SERVICES = 400;

    private static final String NODE = "node-1";

    private static final List<String> COMMANDS = List.of(
            "draw -n default",
            "draw svc/web -o text",
            "draw -A -o json",
            "explain svc/web",
            "explain --all",
            "trace --from outside web:80 --predict",
            "kubeconfig",
            "--help");

    private final StateFolder state;
    private final Terminal silent;

    private Rehearsal(StateFolder state) {
        this.state = state;
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        this.silent = new Terminal(nowhere, nowhere, false, false);
    }

    /// @param arguments the launcher
    /// @throws IllegalStateException when no server comes up, or a command fails: commands start as before then,
    /// only slower
    public static void main(String[] arguments) throws Exception {
        StateFolder state = new StateFolder(Files.createTempDirectory("fairway-rehearsal"));
        Rehearsal rehearsal = new Rehearsal(state);
        Process server = rehearsal.server(arguments[0]);
        try {
            rehearsal.await(() -> rehearsal.run("status") == ExitCode.OK.number());
            ObjectNode pod = rehearsal.fill();
            COMMANDS.forEach(rehearsal::play);
            rehearsal.lookIntoNode(pod);
            RehearsedVisit.pay(state);
        } finally {
            server.destroy();
            server.waitFor();
            state.delete();
        }
    }

    /// By the launcher: a server needs modules that commands do without.
    private Process server(String launcher) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                launcher, "server", "--port", "0", "--state", state.root().toString());
        builder.environment().put("FAIRWAY_NO_BUILD", "1");
        return builder.redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
    }

    private void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("no server to ask within " + PATIENCE.toSeconds() + " s");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /// What fails is noted up to its failure only, and every later start would be as slow there as without.
    private void play(String command) {
        int code = run(command);
        // The pod runs nowhere, and explain says so.
        int expected = command.startsWith("explain") ? ExitCode.FAILED.number() : ExitCode.OK.number();
        if (code != expected) {
            throw new IllegalStateException("fairway " + command + " ended with " + code + ", not " + expected);
        }
    }

    /// Who may not make namespaces sees none of a node either: there is nothing to rehearse, and no reason to do
    /// without
    /// the rest.
    private void lookIntoNode(ObjectNode pod) throws IOException {
        Optional<RehearsedNode> made = node(Meta.uid(pod));
        if (made.isPresent()) {
            try (RehearsedNode node = made.get()) {
                state.writeSettings("name: " + node.cluster() + "\n");
                play("explain svc/web");
                play("explain svc/web --from node/" + NODE);
            }
        }
    }

    private static Optional<RehearsedNode> node(String uid) throws IOException {
        try {
            return Optional.of(RehearsedNode.make(NODE, uid));
        } catch (KernelException | UncheckedIOException refused) {
            return Optional.empty();
        }
    }

    private int run(String command) {
        boolean isHelp = command.startsWith("--");
        String line = isHelp ? command : command + " --state " + state.root();
        return Commands.run(line.split(" "), silent);
    }

    /// A Service with a pod behind it, so that there is something to draw and to explain.
    ///
    /// @return the pod
    private ObjectNode fill() throws IOException, InterruptedException {
        try (RemoteApiClient client = RemoteApiClient.open(state.kubeconfig(), "fairway-rehearsal")) {
            await(() ->
                    client.get(Resource.SERVICE_ACCOUNTS, "default", "default").isPresent());
            client.create(Resource.NODES, Json.parse("""
                    {"metadata": {"name": "%s"}}""".formatted(NODE)));
            client.patch(Resource.NODES, "", NODE, "status", Json.parse("""
                    {"status": {"addresses": [{"type": "InternalIP", "address": "%s"}]}}
                    """.formatted(RehearsedNode.ADDRESS)));
            ObjectNode pod = client.create(Resource.PODS, Json.parse("""
                    {"metadata": {"name": "web-1", "namespace": "default", "labels": {"app": "web"}},
                     "spec": {"nodeName": "%s",
                              "containers": [{"name": "web", "image": "web", "ports": [{"containerPort": 80}]}]}}
                    """.formatted(NODE)));
            client.create(Resource.SERVICES, Json.parse("""
                    {"metadata": {"name": "web", "namespace": "default"},
                     "spec": {"type": "NodePort", "selector": {"app": "web"}, "ports": [{"port": 80}]}}"""));
            manyServices(client);
            return pod;
        }
    }

    /// Gone again at the end: what is asked and drawn is small.
    private static void manyServices(RemoteApiClient client) {
        List<String> names =
                IntStream.range(0, SERVICES).mapToObj(i -> "many-" + i).toList();
        for (String name : names) {
            ObjectNode service = Json.parse("""
                    {"metadata": {"namespace": "default"}, "spec": {"ports": [{"port": 80}]}}""");
            Tree.makeObject(service, "metadata").put("name", name);
            client.create(Resource.SERVICES, service);
            client.get(Resource.SERVICES, "default", name);
        }
        client.list(Resource.SERVICES, "", Selection.ALL);
        for (String name : names) {
            client.delete(Resource.SERVICES, "default", name, DeleteOptions.DEFAULT);
        }
    }
}
