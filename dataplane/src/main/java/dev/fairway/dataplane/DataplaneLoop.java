package dev.fairway.dataplane;

import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.table.Problem;
import dev.fairway.table.Realized;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TableFeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Newest table -> plan -> diff -> one batch. What is in force is known from the batch before; after a refusal, or when
/// someone else has changed nftables, it is read again.
final class DataplaneLoop {

    private static final Logger LOG = LoggerFactory.getLogger(DataplaneLoop.class);
    private static final long CHECK_MILLIS = 10_000;
    private static final long FIRST_BACKOFF_MILLIS = 100;
    private static final long LAST_BACKOFF_MILLIS = 10_000;

    private final NetworkNamespace namespace;
    private final NftConnection nft;
    private final NodeAddresses addresses;
    private final TableFeed feed;
    private Realized realized = Realized.NOTHING;
    private Optional<Ruleset> have = Optional.empty();
    private int generation;
    private long backoffMillis = FIRST_BACKOFF_MILLIS;

    DataplaneLoop(NetworkNamespace namespace, NftConnection nft, NodeAddresses addresses, TableFeed feed) {
        this.namespace = namespace;
        this.nft = nft;
        this.addresses = addresses;
        this.feed = feed;
    }

    NetworkNamespace namespace() {
        return namespace;
    }

    synchronized Realized realized() {
        return realized;
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
        long millis = backoffMillis;
        backoffMillis = Math.min(2 * backoffMillis, LAST_BACKOFF_MILLIS);
        return millis;
    }

    private boolean step(ServiceTable table) {
        try {
            realize(table);
            backoffMillis = FIRST_BACKOFF_MILLIS;
            return true;
        } catch (KernelException e) {
            LOG.warn("data plane of {}: table {} is not in force yet", namespace.name(), table.revision(), e);
            have = Optional.empty();
            publish(new Realized(realized().revision(), List.of(Problem.of(String.valueOf(e.getMessage())))));
            return false;
        }
    }

    private void realize(ServiceTable table) {
        if (have.isPresent() && nft.generation() != generation) {
            LOG.info("nftables of {} were changed by someone else: reading them again", namespace.name());
            have = Optional.empty();
        }
        Ruleset before = have.isPresent() ? have.get() : NftReader.read(nft);
        Ruleset wanted = NftPlan.of(table, addresses, before);
        apply(before, wanted);
        have = Optional.of(wanted);
        generation = nft.generation();
        publish(new Realized(table.revision(), NftPlan.problems(wanted)));
    }

    private void apply(Ruleset before, Ruleset wanted) {
        List<NftCommand> commands = new ArrayList<>(before.commandsTo(wanted));
        boolean sticky = !commands.isEmpty() && (Affinity.used(before) || Affinity.used(wanted));
        if (sticky) {
            commands.addAll(Affinity.forget(nft, before, wanted));
        }
        nft.commit(commands);
        if (sticky) {
            // what was learned between the reading and the commit
            nft.commit(Affinity.forget(nft, wanted, wanted));
        }
    }
}
