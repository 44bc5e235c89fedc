package dev.fairway.app.server;

import dev.fairway.address.IpAddress;
import dev.fairway.app.StateFolder;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.control.lifecycle.ApiServerBeacon;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The address at which pods reach an API server, said to the cluster while the server lives: `default/kubernetes`
/// leads there.
record Reach(Optional<ApiServerBeacon> beacon) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Reach.class);
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    /// On one machine pods reach the machine itself by its address in the outside segment, if it has one there.
    static Reach fromPods(ApiPart api, ClusterConfig config, StateFolder state) {
        if (!config.hostAccess() || config.outside().machine().isEmpty()) {
            return new Reach(Optional.empty());
        }
        String address = config.outside().machine().getFirst().toString();
        try {
            api.server().listenAlso(address);
            return at(api, address, state);
        } catch (IOException e) {
            LOG.warn("pods cannot reach the API: {}", e.getMessage());
            return new Reach(Optional.empty());
        }
    }

    /// @param address no loopback address leads anywhere from a pod
    static Reach at(ApiPart api, String address, StateFolder state) {
        if (address.startsWith("127.") || address.equals("::1") || address.equals("0.0.0.0") || address.equals("::")) {
            LOG.info("the API listens on {}: default/kubernetes does not lead to this server", address);
            return new Reach(Optional.empty());
        }
        return new Reach(Optional.of(ApiServerBeacon.start(
                api.server().client(Parts.CONTROLLERS),
                Clock.systemUTC(),
                name(state),
                IpAddress.parse(address),
                api.server().port())));
    }

    /// The same at each start of the server with this state folder on this machine.
    static String name(StateFolder state) {
        try {
            String who = Files.readString(HOST_NAME).strip() + " " + state.root();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(who.getBytes(StandardCharsets.UTF_8));
            return "apiserver-" + HexFormat.of().formatHex(digest, 0, 10);
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("naming this server: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        beacon.ifPresent(ApiServerBeacon::close);
    }
}
