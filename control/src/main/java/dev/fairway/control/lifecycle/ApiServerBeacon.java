package dev.fairway.control.lifecycle;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Says for one API server that it lives, until it is closed.
public final class ApiServerBeacon implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ApiServerBeacon.class);
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofMillis(500);

    private final ApiClient client;
    private final Clock clock;
    private final String name;
    private final IpAddress address;
    private final int port;
    private final Thread thread;

    private ApiServerBeacon(ApiClient client, Clock clock, String name, IpAddress address, int port) {
        this.client = client;
        this.clock = clock;
        this.name = name;
        this.address = address;
        this.port = port;
        this.thread = Thread.ofVirtual().name("beacon of " + name).unstarted(this::run);
    }

    /// @param name the server's own, the same at each of its starts
    /// @param address where pods reach it
    public static ApiServerBeacon start(ApiClient client, Clock clock, String name, IpAddress address, int port) {
        ApiServerBeacon beacon = new ApiServerBeacon(client, clock, name, address, port);
        beacon.thread.start();
        return beacon;
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            Duration pause = PERIOD;
            try {
                beat();
            } catch (RuntimeException e) {
                LOG.debug("{} could not say that it lives: {}", name, e.getMessage());
                pause = RETRY;
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException closed) {
                return;
            }
        }
    }

    private void beat() {
        ObjectNode lease = ApiServerLeases.lease(name, address, port, clock.instant());
        try {
            client.patch(Resource.LEASES, ApiServerLeases.NAMESPACE, name, "", lease);
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            client.create(Resource.LEASES, lease);
        }
    }

    /// Takes the lease away: no new connection goes to a server that is about to end.
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(2));
            client.delete(Resource.LEASES, ApiServerLeases.NAMESPACE, name, DeleteOptions.DEFAULT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.debug("the lease {} runs out by itself: {}", name, e.getMessage());
        }
    }
}
