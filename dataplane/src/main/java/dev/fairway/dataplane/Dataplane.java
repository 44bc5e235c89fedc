package dev.fairway.dataplane;

import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.LoopThread;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.conntrack.Conntrack;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.table.Realized;
import dev.fairway.table.TableFeed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// The data plane of one node: keeps the node's nftables as the newest table says. The rules stay when it is closed
/// or killed; the next one goes on from what it finds.
public final class Dataplane implements AutoCloseable {

    private final NftConnection nft;
    private final Conntrack conntrack;
    private final DataplaneLoop loop;
    private final LoopThread thread;
    private final DrainLoop drain;
    private final LoopThread drainThread;

    private Dataplane(
            NftConnection nft,
            Conntrack conntrack,
            DataplaneLoop loop,
            LoopThread thread,
            DrainLoop drain,
            LoopThread drainThread) {
        this.drain = drain;
        this.drainThread = drainThread;
        this.nft = nft;
        this.conntrack = conntrack;
        this.loop = loop;
        this.thread = thread;
    }

    /// Starts the loop for a node whose addresses do not change, and with nobody who listens.
    ///
    /// @throws KernelException when the namespace cannot be entered
    public static Dataplane start(NetworkNamespace namespace, NodeAddresses addresses, TableFeed feed) {
        return start(namespace, () -> addresses, feed, SyncListener.NONE);
    }

    /// Starts the loop. Nothing is changed in the kernel before the feed has its first table.
    ///
    /// @param addresses asked with each table and twice a second
    /// @throws KernelException when the namespace cannot be entered
    public static Dataplane start(
            NetworkNamespace namespace, Supplier<NodeAddresses> addresses, TableFeed feed, SyncListener listener) {
        NftConnection nft = NftConnection.open(namespace);
        Conntrack conntrack = Conntrack.open(namespace);
        DataplaneLoop loop = new DataplaneLoop(namespace, nft, conntrack, addresses, feed, listener);
        // a large commit stays in the kernel for up to a second
        LoopThread thread = LoopThread.platform("dataplane-" + namespace.name(), loop::run);
        thread.start();
        DrainLoop drain = new DrainLoop(namespace, feed, loop, addresses);
        LoopThread drainThread = LoopThread.virtual("drain-" + namespace.name(), drain::run);
        drainThread.start();
        return new Dataplane(nft, conntrack, loop, thread, drain, drainThread);
    }

    /// How far the loop has come, and what it could not do.
    public Realized realized() {
        return loop.realized();
    }

    /// What the loop has done since it was started.
    public DataplaneCounts counts() {
        return loop.counts();
    }

    /// How many connections came to each Service address and node port since it is there; they outlive this process.
    ///
    /// @throws KernelException when the kernel does not tell
    public List<ConnectionCount> connections() {
        return loop.connections();
    }

    /// Packets to Services that this node refused or dropped; those of Services that are gone are forgotten.
    ///
    /// @throws KernelException when the kernel does not tell
    public List<DropCount> drops() {
        return loop.drops();
    }

    /// How many connections each endpoint that ends still has here, as counted within the last seconds.
    public List<DrainCount> draining() {
        return drain.counts();
    }

    /// Blocks until the table of this revision, or a newer one, is in the kernel.
    ///
    /// @return false when it was not within the time
    public boolean awaitRealized(long revision, long timeoutMillis) throws InterruptedException {
        return loop.awaitRealized(revision, timeoutMillis);
    }

    /// Stops the loop; the rules stay.
    @Override
    public void close() {
        drainThread.close();
        thread.close();
        nft.close();
        conntrack.close();
    }

    /// Stops the loop and takes our tables away.
    public void removeRules() {
        close();
        removeRules(loop.namespace());
    }

    /// Takes our tables away from the namespace, if they are there.
    public static void removeRules(NetworkNamespace namespace) {
        try (NftConnection nft = NftConnection.open(namespace)) {
            List<NftCommand> commands = new ArrayList<>();
            for (Layout layout : Layout.ALL) {
                commands.add(new NftCommand.AddTable(layout.table()));
                commands.add(new NftCommand.DeleteTable(layout.table()));
            }
            nft.commit(commands);
        }
    }
}
