package dev.fairway.app.server;

import dev.fairway.api.ApiServer;
import dev.fairway.api.ApiServerConfig;
import dev.fairway.api.NodeDirectory;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.security.CertificateAuthority;
import dev.fairway.api.security.Kubeconfig;
import dev.fairway.api.security.SharedKeys;
import dev.fairway.api.security.User;
import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.Settings;
import dev.fairway.app.StateFolder;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

/// The API server with its keys, and the kubeconfig that leads to it.
///
/// @param address on which it listens first
/// @param authority the cluster's own
record ApiPart(ApiServer server, String address, CertificateAuthority authority) implements AutoCloseable {

    static final String LOOPBACK = "127.0.0.1";

    /// What can be made ready while the store is being opened.
    record Ground(Kinds kinds, Optional<CertificateAuthority> authority) {

        /// Servers on one etcd have the keys that lie there: those wait for the store.
        static Ground prepare(Settings settings, StateFolder state) {
            Kinds kinds = Kinds.standard(Plans.serviceRanges(settings.config()));
            try {
                return new Ground(
                        kinds,
                        settings.store().isShared()
                                ? Optional.empty()
                                : Optional.of(CertificateAuthority.open(state.keys(), InstantSource.system())));
            } catch (IOException e) {
                throw new CommandException(
                        ExitCode.FAILED, "reading the keys in " + state.keys() + ": " + e.getMessage());
            }
        }
    }

    /// @param port 0 for any
    static ApiPart start(
            Settings settings,
            String address,
            int port,
            StateFolder state,
            Ground ground,
            Store store,
            NodeDirectory nodes) {
        ClusterConfig config = settings.config();
        try {
            Optional<SharedKeys> shared = settings.store().isShared()
                    ? Optional.of(SharedKeys.open(store, state.keys(), InstantSource.system()))
                    : Optional.empty();
            CertificateAuthority authority = ground.authority().isPresent()
                    ? ground.authority().get()
                    : CertificateAuthority.open(state.keys(), InstantSource.system());
            ApiServerConfig server = new ApiServerConfig(
                    address,
                    port,
                    authority,
                    reachedAs(config, address),
                    Optional.of(config.access().tokenFile())
                            .filter(file -> !file.isEmpty())
                            .map(Path::of),
                    config.access().audit() ? Optional.of(state.audit()) : Optional.empty());
            ApiServer api = ApiServer.start(server, store, ground.kinds(), nodes);
            ApiPart part = new ApiPart(api, address, authority);
            Kubeconfig written = part.kubeconfig(config);
            written.write(state.kubeconfig());
            part.keepFresh(config, state, shared, written);
            return part;
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "starting the API server on " + address + ":" + port + ": " + e.getMessage()
                            + "; free the port or set another apiPort in the settings");
        }
    }

    String url() {
        return "https://" + (address.contains(":") ? "[" + address + "]" : address) + ":" + server.port();
    }

    private Kubeconfig kubeconfig(ClusterConfig config) throws IOException {
        return new Kubeconfig(
                config.name(),
                url(),
                authority.certificatePem(),
                authority.client("admin", config.name() + "-admin", List.of(User.MASTERS)));
    }

    /// The administrator's certificate is renewed with the server's, and the file follows a change of the authority.
    private void keepFresh(ClusterConfig config, StateFolder state, Optional<SharedKeys> shared, Kubeconfig written) {
        AtomicReference<Kubeconfig> last = new AtomicReference<>(written);
        server.onKeyCheck(() -> {
            try {
                if (shared.isPresent()) {
                    shared.get().sync();
                }
                Kubeconfig now = kubeconfig(config);
                if (!now.equals(last.getAndSet(now))) {
                    now.write(state.kubeconfig());
                }
            } catch (IOException e) {
                throw new UncheckedIOException("keeping the keys in " + state.keys(), e);
            }
        });
    }

    private static TreeSet<String> reachedAs(ClusterConfig config, String address) {
        TreeSet<String> names = new TreeSet<>(List.of(
                LOOPBACK,
                "localhost",
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc." + config.dns().domain()));
        names.add(address);
        config.services().ranges().forEach(range -> names.add(range.at(1).toString()));
        return names;
    }

    @Override
    public void close() {
        server.close();
    }
}
