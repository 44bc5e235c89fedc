package dev.fairway.app.server;

import dev.fairway.api.security.User;
import dev.fairway.app.ClusterLock;
import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.Progress;
import dev.fairway.app.Settings;
import dev.fairway.app.StateFolder;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.config.ClusterConfig.NodeConfig;
import dev.fairway.app.page.Observed;
import dev.fairway.app.page.PageServer;
import dev.fairway.control.Controllers;
import dev.fairway.control.leader.Leadership;
import dev.fairway.control.loadbalancer.LoadBalancerProvider;
import dev.fairway.node.NodeAgent;
import dev.fairway.node.machine.Machine;
import dev.fairway.node.machine.MachineNetwork;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.store.Store;
import dev.fairway.store.StoreException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Starts a one-machine cluster, top to bottom, and stops it in the opposite order.
final class Wiring implements AutoCloseable {

    private static final Duration NODE_PATIENCE = Duration.ofSeconds(30);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Settings settings;
    private final ClusterConfig config;
    private final StateFolder state;
    private final Progress progress;
    private int apiPort;
    private int pagePort;

    private Wiring(Settings settings, StateFolder state, Progress progress) {
        this.settings = settings;
        this.config = settings.config();
        this.state = state;
        this.progress = progress;
    }

    /// Returns when everything answers.
    static Wiring start(Role role, Settings settings, StateFolder state, Progress progress)
            throws InterruptedException {
        Wiring wiring = new Wiring(settings, state, progress);
        try {
            switch (role) {
                case Role.Whole _ -> wiring.startAll();
                case Role.ApiOnly only -> wiring.startApi(only);
            }
            return wiring;
        } catch (StoreException failure) {
            wiring.close();
            throw new CommandException(ExitCode.FAILED, failure.text());
        } catch (RuntimeException | InterruptedException failure) {
            wiring.close();
            throw failure;
        }
    }

    private void startAll() throws InterruptedException {
        opened(ClusterLock.take(config.name(), state));
        Nodes nodes = new Nodes();
        ApiPart api = openApi(ApiPart.LOOPBACK, config.apiPort(), nodes);
        Machine machine = MachineNetwork.apply(Plans.machine(config));
        progress.done("network", config.nodes().size() + " nodes, edge, outside host");
        opened(Reach.fromPods(api, config, state));

        EdgeProvider edge = opened(EdgeProvider.start(
                machine.edge(), config.loadBalancerPools(), api.server().client(Parts.EDGE)));
        startControllers(api, Optional.of(edge));

        forgetFormerNodes(api.server().client(Parts.CONTROLLERS));
        for (NodeConfig node : config.nodes()) {
            ApiClient client = api.server().client(User.node(node.name()));
            nodes.add(NodeAgent.start(
                    Plans.node(config, node, machine.node(node.name()), state.node(node.name())), client));
        }
        awaitNodes(nodes);
        progress.done("nodes", Plans.names(config));
        openPage(api.server().client(Parts.PAGE), config, nodes);
    }

    private void openPage(ApiClient client, ClusterConfig cluster, Observed observed) {
        try {
            pagePort =
                    opened(PageServer.start(client, cluster, observed, state)).port();
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "serving the page on " + ApiPart.LOOPBACK + ":" + config.pagePort() + ": " + e.getMessage()
                            + "; set another pagePort in the settings");
        }
    }

    private void startApi(Role.ApiOnly role) throws InterruptedException {
        ApiPart api = openApi(role.listen(), role.port(), new Nodes());
        opened(Reach.at(api, role.listen(), state));
        startControllers(api, Optional.empty());
        // Nodes are elsewhere: those of the settings may belong to another cluster of this machine.
        openPage(api.server().client(Parts.PAGE), config.withNodes(List.of()), Observed.NOTHING);
    }

    private Store openStore() {
        Store store = opened(settings.store().open(state));
        opened(BackupDoor.open(state, store));
        settings.store().keep(state);
        progress.done("store", settings.store().location());
        return store;
    }

    private ApiPart openApi(String address, int port, Nodes nodes) throws InterruptedException {
        FutureTask<ApiPart.Ground> ground = new FutureTask<>(() -> ApiPart.Ground.prepare(settings, state));
        Thread.ofPlatform().name("api ground").start(ground);
        Store store = openStore();
        opened(nodes);
        ApiPart api = opened(ApiPart.start(settings, address, port, state, result(ground), store, nodes));
        apiPort = api.server().port();
        progress.done("api", api.url());
        return api;
    }

    private static <T> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }

    /// Where others may use the same objects, only one server at a time runs the controllers.
    private void startControllers(ApiPart api, Optional<LoadBalancerProvider> provider) {
        ApiClient client = api.server().client(Parts.CONTROLLERS);
        Supplier<Controllers> controllers = () -> Controllers.start(
                client,
                Clock.systemUTC(),
                provider,
                Optional.of(new ExplainedFaults()),
                Plans.controllers(config, apiPort, api.authority()::certificatePem));
        if (settings.store().isShared()) {
            String identity = Reach.name(state) + "_" + UUID.randomUUID();
            opened(Leadership.start(client, Clock.systemUTC(), "kube-controller-manager", identity, controllers));
        } else {
            opened(controllers.get());
        }
        progress.done("controllers", "");
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

    /// 0 when there is no page.
    int pagePort() {
        return pagePort;
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
