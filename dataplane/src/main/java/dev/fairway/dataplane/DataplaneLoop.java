package dev.fairway.dataplane;

import dev.fairway.address.IpFamily;
import dev.fairway.kernel.Errno;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.conntrack.Conntrack;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.table.Problem;
import dev.fairway.table.Protocol;
import dev.fairway.table.Realized;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TableFeed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Newest table -> plan -> diff -> one batch. What is in force is known from the batch before; after a refusal, or when
/// someone else has changed nftables, it is read again. After the rules, the UDP flows that they would not allow end.
final class DataplaneLoop {

    private static final Logger LOG = LoggerFactory.getLogger(DataplaneLoop.class);
    /// How soon is noticed what someone else did to the rules.
    private static final long CHECK_MILLIS = 500;
    private static final int RESTARTS_MAX = 5;
    private static final long FIRST_BACKOFF_MILLIS = 100;
    private static final long LAST_BACKOFF_MILLIS = 10_000;

    private final NetworkNamespace namespace;
    private final NftConnection nft;
    private final Conntrack conntrack;
    private final Supplier<NodeAddresses> addresses;
    private final TableFeed feed;
    private final SyncListener listener;
    private final DropCounters drops;
    private Realized realized = Realized.NOTHING;
    private Optional<Ruleset> have = Optional.empty();
    private int generation;
    private int restarts;
    private volatile DataplaneCounts counts = DataplaneCounts.NONE;
    /// What was planned last, for readers on other threads.
    private volatile Ruleset inForce = Ruleset.empty();
    private long backoffMillis = FIRST_BACKOFF_MILLIS;

    DataplaneLoop(
            NetworkNamespace namespace,
            NftConnection nft,
            Conntrack conntrack,
            Supplier<NodeAddresses> addresses,
            TableFeed feed,
            SyncListener listener) {
        this.namespace = namespace;
        this.nft = nft;
        this.conntrack = conntrack;
        this.addresses = addresses;
        this.feed = feed;
        this.listener = listener;
        this.drops = new DropCounters(nft, InstantSource.system());
    }

    NetworkNamespace namespace() {
        return namespace;
    }

    synchronized Realized realized() {
        return realized;
    }

    DataplaneCounts counts() {
        return counts;
    }

    /// How many connections came to each frontend; nothing before the first table is in force.
    ///
    /// @throws KernelException when the counters cannot be read
    List<ConnectionCount> connections() {
        Ruleset now = inForce;
        return now.plans().isEmpty() ? List.of() : ConnectionCount.read(nft, now);
    }

    /// Which packets did not pass; nothing before the first table is in force.
    ///
    /// @throws KernelException when the counters cannot be read
    List<DropCount> drops() {
        Ruleset now = inForce;
        return now.plans().isEmpty() ? List.of() : drops.read(now);
    }

    synchronized boolean awaitRealized(long revision, long timeoutMillis) throws InterruptedException {
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
        long left = timeoutMillis;
        while (realized.revision() < revision && left > 0) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
        return realized.revision() >= revision;
    }

    private synchronized void publish(Realized next) {
        realized = next;
        notifyAll();
    }

    void run() {
        try {
            ServiceTable table = feed.awaitNewer(0);
            while (true) {
                boolean done = step(table);
                table = done
                        ? feed.awaitNewer(table.revision(), CHECK_MILLIS)
                        : feed.awaitNewer(table.revision(), backoff());
            }
        } catch (InterruptedException _) {
            LOG.debug("data plane of {} stops; its rules stay", namespace.name());
        }
    }

    private long backoff() {
        if (restarts > 0) {
            return 1;
        }
        long millis = backoffMillis;
        backoffMillis = Math.min(2 * backoffMillis, LAST_BACKOFF_MILLIS);
        return millis;
    }

    /// Brings the table into force, or tries to.
    ///
    /// @return whether it is; else it is to be tried again
    boolean step(ServiceTable table) {
        try {
            NodeAddresses now = addresses.get();
            if (!isInForce(table, now)) {
                realize(table, now);
            }
            backoffMillis = FIRST_BACKOFF_MILLIS;
            restarts = 0;
            return true;
        } catch (KernelException e) {
            have = Optional.empty();
            if (e.is(Errno.ERESTART) || e.is(Errno.EINTR)) {
                restarts++;
                LOG.info("nftables of {} were changed by someone else meanwhile: reading them again", namespace.name());
            } else {
                restarts = 0;
                LOG.warn("data plane of {}: table {} is not in force yet", namespace.name(), table.revision(), e);
                counts = counts.failed();
                listener.failed();
                publish(new Realized(realized().revision(), List.of(Problem.of(String.valueOf(e.getMessage())))));
            }
            return false;
        }
    }

    private boolean isInForce(ServiceTable table, NodeAddresses now) {
        return have.isPresent()
                && have.get().addresses().equals(Optional.of(now))
                && table.revision() == realized().revision()
                && nft.generation() == generation;
    }

    private void realize(ServiceTable table, NodeAddresses now) {
        long started = System.nanoTime();
        boolean knew = have.isPresent();
        boolean check = table.revision() == realized().revision(); // for a new table, the commit asks
        if (knew && check && nft.generation() != generation) {
            LOG.info("nftables of {} were changed by someone else: reading them again", namespace.name());
            have = Optional.empty();
        }
        boolean reread = knew && have.isEmpty();
        boolean whole = have.isEmpty();
        Ruleset before = have.orElseGet(this::read);
        boolean cold = !before.outline().hasAny();
        Ruleset wanted = before;
        boolean changed = false;
        for (ServiceTable step : cold ? ColdStart.steps(table) : List.of(table)) {
            Ruleset next = NftPlan.of(step, now, wanted);
            changed |= apply(wanted, next);
            wanted = next.settled();
        }
        have = Optional.of(wanted);
        inForce = wanted;
        long rulesDone = System.nanoTime();
        if (changed) {
            counts = counts.committed((rulesDone - started) / 1_000_000);
        }
        if (changed && reread && table.revision() == realized().revision()) {
            counts = counts.repaired();
            LOG.warn("rules of {} that someone else had changed or deleted are in force again", namespace.name());
        }
        List<Problem> problems = new ArrayList<>(NftPlan.problems(wanted));
        long endedBefore = counts.flowsEnded();
        endStaleFlows(now, before, wanted).ifPresent(problems::add);
        publish(new Realized(table.revision(), problems));
        listener.synced(new SyncListener.Sync(
                table.revision(),
                whole,
                Duration.ofNanos(rulesDone - started),
                Duration.ofNanos(System.nanoTime() - rulesDone),
                counts.flowsEnded() - endedBefore));
    }

    private Ruleset read() {
        generation = nft.generation();
        return NftReader.read(nft);
    }

    /// @return whether anything had to be changed
    private boolean apply(Ruleset before, Ruleset wanted) {
        List<NftCommand> commands = new ArrayList<>(before.commandsTo(wanted));
        boolean changed = !commands.isEmpty();
        Optional<Affinity> affinity = Affinity.between(before, wanted);
        affinity.ifPresent(it -> commands.addAll(it.forget(nft, before.outline())));
        drops.changing(before, commands);
        commit(commands);
        // what was learned between the reading and the commit
        affinity.ifPresent(it -> commit(it.forget(nft, wanted.outline())));
        return changed;
    }

    /// Commits upon the generation that is known, so that nothing is built upon what another writer has changed. A
    /// writer that never rests must not keep us from writing at all.
    private void commit(List<NftCommand> commands) {
        if (commands.isEmpty()) {
            return;
        }
        if (restarts < RESTARTS_MAX) {
            nft.commitAt(generation, commands);
            generation = generation == -1 ? 1 : generation + 1; // the kernel counts each batch once, and skips 0
        } else {
            nft.commit(commands);
            generation = nft.generation();
        }
    }

    /// @return what is in the way, when the kernel does not let connections be seen
    private Optional<Problem> endStaleFlows(NodeAddresses now, Ruleset before, Ruleset wanted) {
        StaleFlows stale = StaleFlows.between(before, wanted, now);
        try {
            for (IpFamily family : stale.families()) {
                long ended = conntrack.flows(family, Protocol.UDP.number()).stream()
                        .filter(stale::contains)
                        .filter(conntrack::delete)
                        .count();
                counts = counts.flowsEnded(ended);
            }
            return Optional.empty();
        } catch (KernelException e) {
            if (e.is(Errno.EINVAL) || e.is(Errno.EOPNOTSUPP)) {
                return Optional.of(Problem.of("UDP flows to endpoints gone go on: " + e.getMessage()
                        + "; load the kernel module nf_conntrack_netlink"));
            }
            throw e;
        }
    }
}
