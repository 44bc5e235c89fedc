package dev.fairway.node.pod;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.pod.PodFiles.ClusterDns;
import dev.fairway.node.pod.volume.ApiObjects;
import dev.fairway.node.pod.volume.PodVolumes;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Quantity;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.schema.client.Mirror;
import dev.fairway.schema.client.PodAccess;
import dev.fairway.schema.client.PodAccess.PodRef;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Runs the pods that are placed on one node: a loop for each (PodLoop).
///
/// At the start it goes on with what an earlier agent left, by the state files alone, before the API has answered; once
/// it has, pods that do not exist any more are ended.
public final class PodRuntime implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PodRuntime.class);

    /// How often volumes are compared with what they show; the kubelet takes up to a minute and a half.
    private static final Duration VOLUME_PERIOD = Duration.ofSeconds(10);

    /// @param cluster the first part of the names of network namespaces
    /// @param namespace the node's own network namespace
    /// @param bridge the bridge of the node's pods, which is there already
    /// @param podBlocks at most one of each family
    /// @param hostAddresses the node's inside addresses
    /// @param capacity what the node has of `cpu` and `memory`
    public record Settings(
            String cluster,
            String node,
            NetworkNamespace namespace,
            String bridge,
            List<Cidr> podBlocks,
            List<IpAddress> hostAddresses,
            ClusterDns dns,
            ImageMap images,
            Map<String, Quantity> capacity,
            Path stateFolder) {
        public Settings {
            podBlocks = List.copyOf(podBlocks);
            hostAddresses = List.copyOf(hostAddresses);
        }
    }

    private final PodParts parts;
    private final PodNetwork network;
    private final HostPorts hostPorts;
    private final AddressBook addresses;
    private final LogClock logClock;
    private final Map<String, PodLoop> loops = new ConcurrentHashMap<>();
    private final Set<String> forgotten = ConcurrentHashMap.newKeySet();
    private final Mirror mirror;
    private final Thread cleaner;
    private final Thread refresher;
    private boolean closed;

    private PodRuntime(Settings settings, ApiClient client, Clock clock, Supplier<Collection<ObjectNode>> services) {
        this.network =
                PodNetwork.open(settings.cluster(), settings.namespace(), settings.bridge(), settings.podBlocks());
        this.hostPorts = HostPorts.open(settings.namespace());
        this.addresses = AddressBook.open(settings.stateFolder().resolve("addresses.json"), settings.podBlocks());
        this.logClock = LogClock.start();
        this.parts = parts(settings, client, clock, services);
        PodFolder.list(settings.stateFolder()).forEach(this::resume);
        this.mirror = Mirror.start(
                client, Resource.PODS, "", new Selection("", "spec.nodeName=" + settings.node()), this::changed);
        this.cleaner = Thread.ofVirtual().name("pod-cleaner-" + settings.node()).start(this::endOrphans);
        this.refresher =
                Thread.ofVirtual().name("pod-volumes-" + settings.node()).start(() -> refresh(client));
    }

    /// @param services the cluster's Services as last seen
    public static PodRuntime start(
            Settings settings, ApiClient client, Clock clock, Supplier<Collection<ObjectNode>> services) {
        return new PodRuntime(settings, client, clock, services);
    }

    private PodParts parts(
            Settings settings, ApiClient client, Clock clock, Supplier<Collection<ObjectNode>> services) {
        String node = settings.node();
        PodSandbox sandbox = new PodSandbox(
                network,
                hostPorts,
                addresses,
                settings.hostAddresses(),
                settings.dns(),
                new PodVolumes(clock),
                node,
                settings.stateFolder());
        ProcessStarter processes = new ProcessStarter(sandbox, clock);
        return new PodParts(
                node,
                settings.stateFolder(),
                clock,
                settings.images(),
                sandbox,
                new ContainerStarter(node, clock, logClock, processes),
                new PodExec(sandbox, processes),
                PodEvents.start(client, node, clock),
                StatusReporter.start(client, node),
                new ProbeCheck(settings.namespace()),
                client,
                services,
                settings.capacity());
    }

    /// Logs, commands and connections for these pods.
    public PodAccess access() {
        return new RuntimeAccess(parts, this::find);
    }

    /// Whether the API has told the node's pods at least once.
    public boolean awaitSynced(Duration limit) {
        return mirror.awaitSynced(limit);
    }

    private Optional<PodLoop> find(PodRef ref) {
        return loops.values().stream()
                .filter(loop -> loop.wanted().key().equals(new ObjectKey(ref.namespace(), ref.name())))
                .filter(loop -> ref.uid().isEmpty() || loop.wanted().uid().equals(ref.uid()))
                .findFirst();
    }

    // ---- which pods there are

    /// Goes on with a pod that an earlier agent ran.
    private void resume(PodFolder folder) {
        try {
            Optional<ObjectNode> pod = folder.readPod();
            if (pod.isEmpty()) {
                folder.remove();
                return;
            }
            PodSpec spec = PodSpec.of(pod.get());
            begin(
                    spec,
                    folder.readRecord()
                            .orElseGet(() -> PodRecord.fresh(spec, parts.clock().instant())));
        } catch (RuntimeException e) {
            LOG.warn("the pod of {} cannot be gone on with", folder.path(), e);
        }
    }

    private void begin(PodSpec spec, PodRecord record) {
        PodLoop loop = new PodLoop(parts, spec, record, () -> forget(spec.uid()));
        loops.put(spec.uid(), loop);
        loop.start();
    }

    private void forget(String uid) {
        forgotten.add(uid);
        loops.remove(uid);
    }

    private synchronized void changed(ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        String uid = now.map(Meta::uid).orElse("");
        before.map(Meta::uid).filter(old -> !old.equals(uid)).ifPresent(this::gone);
        if (now.isPresent() && !forgotten.contains(uid) && !closed) {
            PodSpec spec = PodSpec.of(now.get());
            PodLoop loop = loops.get(uid);
            if (loop == null) {
                begin(spec, PodRecord.fresh(spec, parts.clock().instant()));
            } else {
                loop.want(spec);
            }
        }
    }

    private void gone(String uid) {
        PodLoop loop = loops.get(uid);
        if (loop != null) {
            loop.orphan();
        }
        forgotten.remove(uid);
    }

    /// Once the API has told which pods there are, ends the others.
    private void endOrphans() {
        while (!mirror.awaitSynced(Duration.ofMinutes(1))) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
        Set<String> known = new HashSet<>();
        mirror.objects().values().forEach(pod -> known.add(Meta.uid(pod)));
        loops.forEach((uid, loop) -> {
            if (!known.contains(uid) && !isInMirror(loop)) {
                loop.orphan();
            }
        });
        known.addAll(loops.keySet());
        addresses.retain(known);
    }

    /// Lets volumes follow the ConfigMaps, Secrets and tokens that they show.
    private void refresh(ApiClient client) {
        try {
            while (true) {
                Thread.sleep(VOLUME_PERIOD);
                ApiObjects objects = new ApiObjects(client);
                loops.values().forEach(loop -> refresh(loop, objects));
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private static void refresh(PodLoop loop, ApiObjects objects) {
        try {
            loop.refreshVolumes(objects);
        } catch (RuntimeException e) {
            LOG.warn("the volumes of pod {} stay as they are: {}", loop.wanted().key(), e.toString());
        }
    }

    private boolean isInMirror(PodLoop loop) {
        ObjectKey key = loop.wanted().key();
        return mirror.get(key.namespace(), key.name())
                .filter(pod -> Meta.uid(pod).equals(loop.wanted().uid()))
                .isPresent();
    }

    // ---- end

    /// Ends all pods of the node and their networks; their addresses and records stay for the next start.
    @Override
    public void close() {
        close(false);
    }

    /// @param keepPods leave processes and networks as they are, for a later agent; echo servers end in any case
    public void close(boolean keepPods) {
        synchronized (this) {
            closed = true;
        }
        mirror.close();
        cleaner.interrupt();
        refresher.interrupt();
        List<PodLoop> all = List.copyOf(loops.values());
        all.forEach(loop -> loop.close(keepPods));
        try {
            for (PodLoop loop : all) {
                loop.awaitEnd();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        parts.events().close();
        parts.reporter().close();
        logClock.close();
        hostPorts.close();
        network.close();
    }
}
