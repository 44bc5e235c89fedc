package dev.fairway.control.leader;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Lets one of several processes do a work: it holds a Lease and renews it; when it cannot, it stops the work before
/// another one may begin.
public final class Leadership implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    /// The others wait this long for a holder that says nothing, the holder gives up a little earlier by itself. With
    /// the pause, the work has moved in less than 15 s after its holder died.
    private static final Duration LIFE = Duration.ofSeconds(10);

    private static final Duration GIVE_UP = Duration.ofSeconds(7);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final ApiClient client;
    private final Clock clock;
    private final LeaderClaim claim;
    private final Supplier<? extends AutoCloseable> work;
    private final Thread thread;
    private Optional<LeaderClaim.Seen> seen = Optional.empty();
    private Optional<AutoCloseable> running = Optional.empty();
    private Optional<ObjectNode> held = Optional.empty();
    private long heldNanos;
    private volatile boolean leading;

    private Leadership(ApiClient client, Clock clock, LeaderClaim claim, Supplier<? extends AutoCloseable> work) {
        this.client = client;
        this.clock = clock;
        this.claim = claim;
        this.work = work;
        this.thread = Thread.ofVirtual().name("leadership of " + claim.name()).unstarted(this::run);
    }

    /// Returns at once.
    ///
    /// @param name of the Lease, in `kube-system`
    /// @param identity unique among those who claim
    /// @param work begun whenever this process becomes the holder, closed when it no longer is
    public static Leadership start(
            ApiClient client, Clock clock, String name, String identity, Supplier<? extends AutoCloseable> work) {
        LeaderClaim claim = new LeaderClaim("kube-system", name, identity, LIFE);
        Leadership leadership = new Leadership(client, clock, claim, work);
        leadership.thread.start();
        return leadership;
    }

    public boolean isLeading() {
        return leading;
    }

    private void run() {
        try {
            while (true) {
                try {
                    step();
                } catch (RuntimeException e) {
                    LOG.warn("the lease {} was not renewed or read: {}", claim.name(), e.getMessage());
                }
                if (running.isPresent() && System.nanoTime() - heldNanos > GIVE_UP.toNanos()) {
                    LOG.warn("the lease {} could not be renewed for {} s", claim.name(), GIVE_UP.toSeconds());
                    stop();
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException closed) {
            LOG.debug("no longer claiming the lease {}", claim.name());
        }
    }

    private void step() {
        long began = System.nanoTime();
        Instant now = clock.instant();
        Optional<ObjectNode> found = client.get(Resource.LEASES, claim.namespace(), claim.name());
        LeaderClaim.Step step = claim.look(found, seen, now);
        seen = Optional.of(step.seen());
        if (step.lease().isEmpty()) {
            stop();
            return;
        }
        try {
            ObjectNode lease = step.lease().get();
            held = Optional.of(found.isEmpty() ? create(lease) : client.update(Resource.LEASES, lease));
            heldNanos = began;
            begin();
        } catch (ApiException e) {
            if (!e.isConflict() && !e.isAlreadyExists()) {
                throw e;
            }
            LOG.debug("somebody else was first: {}", e.text());
        }
    }

    /// In a cluster that is only beginning the namespace is missing too: the work itself would make it.
    private ObjectNode create(ObjectNode lease) {
        if (client.get(Resource.NAMESPACES, "", claim.namespace()).isEmpty()) {
            ObjectNode namespace = Json.object();
            namespace.putObject("metadata").put("name", claim.namespace());
            client.create(Resource.NAMESPACES, namespace);
        }
        return client.create(Resource.LEASES, lease);
    }

    private void begin() {
        if (running.isEmpty()) {
            LOG.info("{} holds the lease {} and begins", claim.identity(), claim.name());
            running = Optional.of(work.get());
            leading = true;
        }
    }

    private void stop() {
        leading = false;
        if (running.isPresent()) {
            LOG.info("{} stops what it did as the holder of {}", claim.identity(), claim.name());
            AutoCloseable ending = running.get();
            running = Optional.empty();
            held = Optional.empty();
            try {
                ending.close();
            } catch (Exception e) {
                LOG.warn("stopping the work of {}", claim.name(), e);
            }
        }
    }

    /// Stops the work and gives the lease up, so that another one begins at once.
    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        Optional<ObjectNode> mine = held;
        stop();
        if (mine.isPresent()) {
            try {
                client.update(Resource.LEASES, claim.release(mine.get(), clock.instant()));
            } catch (RuntimeException e) {
                LOG.warn("the lease {} runs out by itself: {}", claim.name(), e.getMessage());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
