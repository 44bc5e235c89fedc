package dev.fairway.node;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Registers the node and keeps saying that it lives: the Lease every 10 s, the Node's status every minute, and at once
/// when the API shows it as anything but ready. The Lease also tells how much of what the API said of Services is in
/// the
/// kernel: sooner, but not more than once a second, when somebody waits for that.
final class Heartbeat implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final Duration LEASE_PERIOD = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration NEWS_PERIOD = Duration.ofSeconds(1);
    private static final Duration STATUS_PERIOD = Duration.ofMinutes(1);

    private final NodeSpec spec;
    private final MachineFacts facts;
    private final ApiClient client;
    private final Clock clock;
    private final KernelProgress progress;
    private final Thread thread;
    private Instant statusDue = Instant.EPOCH;

    private Heartbeat(NodeSpec spec, MachineFacts facts, ApiClient client, Clock clock, KernelProgress progress) {
        this.spec = spec;
        this.facts = facts;
        this.client = client;
        this.clock = clock;
        this.progress = progress;
        this.thread = Thread.ofVirtual().name("heartbeat-" + spec.name()).unstarted(this::run);
    }

    static Heartbeat start(NodeSpec spec, MachineFacts facts, ApiClient client, Clock clock, KernelProgress progress) {
        Heartbeat heartbeat = new Heartbeat(spec, facts, client, clock, progress);
        heartbeat.thread.start();
        return heartbeat;
    }

    private void run() {
        boolean registered = false;
        while (!Thread.currentThread().isInterrupted()) {
            Duration pause = LEASE_PERIOD;
            try {
                if (!registered) {
                    register();
                    registered = true;
                }
                beat();
            } catch (RuntimeException e) {
                LOG.warn("node {}: no heartbeat, next try in {} s: {}", spec.name(), RETRY.toSeconds(), e.toString());
                pause = RETRY;
            }
            try {
                rest(pause);
            } catch (InterruptedException closed) {
                return;
            }
        }
    }

    private void rest(Duration pause) throws InterruptedException {
        long end = System.nanoTime() + pause.toNanos();
        Duration left = pause;
        while (left.isPositive() && progress.awaitNews(left)) {
            try {
                patchLease(clock.instant());
            } catch (RuntimeException e) {
                LOG.debug(
                        "node {}: what is in the kernel is told with the next heartbeat: {}",
                        spec.name(),
                        e.toString());
            }
            left = Duration.ofNanos(end - System.nanoTime());
            Thread.sleep(left.compareTo(NEWS_PERIOD) < 0 ? left : NEWS_PERIOD);
            left = Duration.ofNanos(end - System.nanoTime());
        }
    }

    private void register() {
        if (client.get(Resource.NODES, "", spec.name()).isPresent()) {
            client.patch(Resource.NODES, "", spec.name(), "", NodeObject.patch(spec, facts));
        } else {
            client.create(Resource.NODES, NodeObject.node(spec, facts, clock.instant()));
        }
        statusDue = Instant.EPOCH;
    }

    private void beat() {
        Optional<ObjectNode> node = client.get(Resource.NODES, "", spec.name());
        if (node.isEmpty()) {
            register();
            node = client.get(Resource.NODES, "", spec.name());
        }
        Instant now = clock.instant();
        renew(node.map(Meta::uid).orElse(""), now);
        if (node.isPresent() && (!NodeObject.isReady(node.get()) || !now.isBefore(statusDue))) {
            writeStatus(node.get(), now);
            statusDue = now.plus(STATUS_PERIOD);
        }
    }

    private void renew(String nodeUid, Instant now) {
        try {
            patchLease(now);
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            long revision = progress.revision();
            client.create(Resource.LEASES, NodeObject.lease(spec, nodeUid, now, revision));
            progress.told(revision);
        }
    }

    private void patchLease(Instant now) {
        long revision = progress.revision();
        client.patch(Resource.LEASES, NodeObject.LEASE_NAMESPACE, spec.name(), "", NodeObject.renewal(now, revision));
        progress.told(revision);
    }

    private void writeStatus(ObjectNode node, Instant now) {
        ObjectNode before = Tree.at(node, "status") instanceof ObjectNode status ? status : Json.object();
        client.patch(Resource.NODES, "", spec.name(), "status", NodeObject.statusPatch(spec, facts, before, now));
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
