package dev.fairway.dataplane;

import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.conntrack.Conntrack;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.table.Realized;
import dev.fairway.table.TableFeed;
import java.util.ArrayList;
import java.util.List;

/// The data plane of one node: keeps the node's nftables as the newest table says. The rules stay when it is closed
/// or killed; the next one goes on from what it finds.
public final class Dataplane implements AutoCloseable {

    private final NftConnection nft;
    private final Conntrack conntrack;
    private final DataplaneLoop loop;
    private final Thread thread;

    private Dataplane(NftConnection nft, Conntrack conntrack, DataplaneLoop loop, Thread thread) {
        this.nft = nft;
        this.conntrack = conntrack;
        this.loop = loop;
        this.thread = thread;
    }

    /// Starts the loop. Nothing is changed in the kernel before the feed has its first table.
    ///
    /// @throws KernelException when the namespace cannot be entered
    public static Dataplane start(NetworkNamespace namespace, NodeAddresses addresses, TableFeed feed) {
        NftConnection nft = NftConnection.open(namespace);
        Conntrack conntrack = Conntrack.open(namespace);
        DataplaneLoop loop = new DataplaneLoop(namespace, nft, conntrack, addresses, feed);
        // a large commit stays in the kernel for up to a second: on a virtual thread it would hold the carrier
        Thread thread = Thread.ofPlatform()
                .name("dataplane-" + namespace.name())
                .daemon()
                .start(loop::run);
        return new Dataplane(nft, conntrack, loop, thread);
    }

    /// How far the loop has come, and what it could not do.
    public Realized realized() {
        return loop.realized();
    }

    /// What the loop has done since it was started.
    public DataplaneCounts counts() {
        return loop.counts();
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
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
