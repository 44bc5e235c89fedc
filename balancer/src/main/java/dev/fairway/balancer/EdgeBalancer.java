package dev.fairway.balancer;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.LoopThread;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.nft.NftConnection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The load balancer in front of the nodes: gives out addresses of its pools, answers for them at the edge, and
/// spreads connections over the healthy nodes by turns.
///
/// The rules stay when it is closed or killed. The next one goes on from them; load balancers that nobody asks for
/// again go with `settle`.
public final class EdgeBalancer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EdgeBalancer.class);
    private static final long PROBE_MILLIS = 500;

    private final NetworkNamespace edge;
    private final Probe probe;
    private final EdgeKernel kernel;
    private final LoopThread thread;
    private final Map<String, LoadBalancer> balancers = new TreeMap<>();
    private AddressPool pool;
    private List<EdgeNode> nodes = List.of();
    private Map<Check, Health> health = Map.of();
    /// What a run before has left behind and nobody has asked for yet.
    private EdgeRules leftover;
    private boolean dirty;

    private EdgeBalancer(NetworkNamespace edge, List<Cidr> pools, Probe probe, EdgeKernel kernel) {
        this.edge = edge;
        this.probe = probe;
        this.kernel = kernel;
        this.pool = AddressPool.of(pools);
        this.leftover = kernel.have();
        this.thread = LoopThread.virtual("edge-" + edge.name(), this::probeAll);
    }

    /// @param pools blocks of addresses, either family, that are routed to the edge
    /// @throws KernelException when the edge's namespace cannot be used
    public static EdgeBalancer start(NetworkNamespace edge, List<Cidr> pools, Probe probe) {
        EdgeBalancer balancer = new EdgeBalancer(edge, pools, probe, EdgeKernel.open(edge));
        balancer.thread.start();
        return balancer;
    }

    /// Makes or changes a load balancer, and returns its addresses, one for each family.
    ///
    /// @throws PoolException when an address is not to be had; nothing is changed then
    /// @throws KernelException when the kernel refuses; it is tried again with the next probe
    public synchronized List<IpAddress> ensure(LoadBalancer balancer) {
        pool = pool.assign(balancer, leftover.addresses());
        balancers.put(balancer.name(), balancer);
        watch();
        leftover = leftover.without(pool.of(balancer.name()));
        apply();
        return pool.of(balancer.name());
    }

    /// Ends a load balancer, if it is there, and frees its addresses.
    public synchronized void release(String name) {
        pool = pool.release(name);
        if (balancers.remove(name) != null) {
            watch();
            apply();
        }
    }

    /// Says that every load balancer that exists has been asked for since the start: what a run before has left behind
    /// is taken away.
    public synchronized void settle() {
        leftover = EdgeRules.EMPTY;
        apply();
    }

    /// The nodes to spread over. A new one gets connections after its first good probe.
    public synchronized void setNodes(List<EdgeNode> next) {
        if (nodes.equals(next)) {
            return;
        }
        nodes = List.copyOf(next);
        watch();
    }

    /// Checks every node, and those load balancers apart that not every node serves.
    private void watch() {
        Map<Check, Health> kept = new LinkedHashMap<>();
        for (IpAddress address : addresses()) {
            keep(Check.of(address), kept);
            balancers.values().forEach(balancer -> keep(Check.of(address, balancer), kept));
        }
        if (!kept.keySet().equals(health.keySet())) {
            health = kept;
            notifyAll(); // probe at once
        }
    }

    private void keep(Check check, Map<Check, Health> kept) {
        kept.put(check, health.getOrDefault(check, Health.UNKNOWN));
    }

    private List<IpAddress> addresses() {
        return nodes.stream().flatMap(node -> node.outside().stream()).toList();
    }

    /// The nodes' outside addresses that get connections now.
    public synchronized List<IpAddress> healthy() {
        return healthy(Check::of);
    }

    private List<IpAddress> healthy(Function<IpAddress, Check> check) {
        return addresses().stream()
                .filter(address -> health.getOrDefault(check.apply(address), Health.UNKNOWN)
                        .healthy())
                .toList();
    }

    private void apply() {
        dirty = true;
        EdgeRules wanted =
                EdgeRules.plan(pool, balancers.values(), balancer -> healthy(address -> Check.of(address, balancer)));
        kernel.apply(wanted.with(leftover));
        dirty = false;
    }

    private void probeAll() {
        try {
            while (true) {
                List<Check> checks = probed();
                Map<Check, Boolean> answers = new LinkedHashMap<>();
                for (Check check : checks) {
                    answers.put(check, probe.healthy(edge, check.node(), check.port()));
                }
                learn(answers);
                pause(checks);
            }
        } catch (InterruptedException _) {
            LOG.debug("the edge {} stops probing; its rules stay", edge.name());
        }
    }

    private synchronized List<Check> probed() {
        return new ArrayList<>(health.keySet());
    }

    /// Until the next round, or until there are other nodes.
    private synchronized void pause(List<Check> seen) throws InterruptedException {
        long deadline = System.nanoTime() + PROBE_MILLIS * 1_000_000;
        long left = PROBE_MILLIS;
        while (left > 0 && seen.equals(new ArrayList<>(health.keySet()))) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
    }

    private synchronized void learn(Map<Check, Boolean> answers) {
        Map<Check, Health> next = new LinkedHashMap<>(health);
        answers.forEach((check, success) -> next.computeIfPresent(check, (_, had) -> had.after(success)));
        boolean changed = next.entrySet().stream()
                .anyMatch(now -> now.getValue().healthy()
                        != health.getOrDefault(now.getKey(), Health.UNKNOWN).healthy());
        health = next;
        if (changed) {
            LOG.info("edge {}: healthy nodes are now {}", edge.name(), healthy());
        }
        try {
            if (kernel.isDisturbed()) {
                LOG.warn("edge {}: someone else has changed its rules: they are made anew", edge.name());
                dirty = true;
            }
            if (dirty || changed) {
                apply();
            }
        } catch (KernelException e) {
            LOG.warn("edge {}: the rules are not in force yet", edge.name(), e);
        }
    }

    /// For which addresses an edge's kernel forwards or refuses something now, for who only looks.
    ///
    /// @throws KernelException when the namespace cannot be looked into
    public static Set<IpAddress> answered(NetworkNamespace edge) {
        try (NftConnection nft = NftConnection.open(edge)) {
            return EdgeTable.ALL.stream()
                    .flatMap(table -> table.answered(nft).stream())
                    .collect(Collectors.toSet());
        }
    }

    /// Stops probing; rules and addresses stay.
    @Override
    public void close() {
        thread.close();
        kernel.close();
    }
}
