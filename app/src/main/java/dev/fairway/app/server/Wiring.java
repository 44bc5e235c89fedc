package dev.fairway.app.server;

import dev.fairway.api.security.User;
import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.Progress;
import dev.fairway.app.Settings;
import dev.fairway.app.StateFolder;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.config.ClusterConfig.NodeConfig;
import dev.fairway.control.Controllers;
import dev.fairway.node.NodeAgent;
import dev.fairway.node.machine.Machine;
import dev.fairway.node.machine.MachineNetwork;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.store.Store;
import dev.fairway.store.Stores;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.stream.Collectors;

/// Starts a one-machine cluster, top to bottom, and stops it in the opposite order.
final class Wiring implements AutoCloseable {

    private static final Duration NODE_PATIENCE = Duration.ofSeconds(30);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final ClusterConfig config;
    private final StateFolder state;
    private final Progress progress;
    private int apiPort;

    private Wiring(ClusterConfig config, StateFolder state, Progress progress) {
        this.config = config;
        this.state = state;
        this.progress = progress;
    }

    /// Returns when everything answers.
    static Wiring start(Settings settings, StateFolder state, Progress progress) throws InterruptedException {
        Wiring wiring = new Wiring(settings.config(), state, progress);
        try {
            wiring.startAll(settings.store());
            return wiring;
        } catch (RuntimeException | InterruptedException failure) {
            wiring.close();
            throw failure;
        }
    }

    private void startAll(String storeKind) throws InterruptedException {
        Store store = opened(storeKind.equals("memory") ? Stores.memory() : Stores.sqlite(state.store()));
        progress.done("store", storeKind);

        Nodes nodes = opened(new Nodes());
        ApiPart api = opened(ApiPart.start(config, state, store, nodes));
        apiPort = api.server().port();
        progress.done("api", "https://127.0.0.1:" + apiPort);

        Machine machine = MachineNetwork.apply(Plans.machine(config));
        progress.done("network", config.nodes().size() + " nodes, edge, outside host");

        EdgeProvider edge = opened(EdgeProvider.start(
                machine.edge(), config.loadBalancerPools(), api.server().client(Parts.EDGE)));
        opened(Controllers.start(
                api.server().client(Parts.CONTROLLERS),
                Clock.systemUTC(),
                edge,
                Plans.controllers(config, apiPort, api.authorityPem())));
        progress.done("controllers", "");

        forgetFormerNodes(api.server().client(Parts.CONTROLLERS));
        for (NodeConfig node : config.nodes()) {
            ApiClient client = api.server().client(User.node(node.name()));
            nodes.add(NodeAgent.start(
                    Plans.node(config, node, machine.node(node.name()), state.node(node.name())), client));
        }
        awaitNodes(nodes);
        progress.done("nodes", Plans.names(config));
    }

    /// Nodes that the settings no longer have are gone for good; their pods are made anew on others.
    private void forgetFormerNodes(ApiClient client) {
        Set<String> names = config.nodes().stream().map(NodeConfig::name).collect(Collectors.toSet());
        client.list(Resource.NODES, "", Selection.ALL).items().stream()
                .map(Meta::name)
                .filter(name -> !names.contains(name))
                .forEach(name -> client.delete(Resource.NODES, "", name, DeleteOptions.DEFAULT));
    }

    private void awaitNodes(Nodes nodes) throws InterruptedException {
        for (NodeAgent agent : nodes.agents()) {
            if (!agent.awaitReady(NODE_PATIENCE)) {
                throw new CommandException(
                        ExitCode.TIMED_OUT,
                        "node " + agent.name() + " is not ready after " + NODE_PATIENCE.toSeconds() + " s: "
                                + agent.realized());
            }
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        started.push(part);
        return part;
    }

    int apiPort() {
        return apiPort;
    }

    @Override
    public void close() {
        RuntimeException first = null;
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                RuntimeException failure = new IllegalStateException("stopping: " + e.getMessage(), e);
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
