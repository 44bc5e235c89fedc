package dev.fairway.node;

import dev.fairway.dataplane.SyncListener;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Sysctl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets the kernel send from 127.0.0.1 to pods, as node ports on that address need it. It would let others in to there,
/// too: so only once the rules that keep them out are in force.
final class LocalhostNodePorts implements SyncListener {

    private static final Logger LOG = LoggerFactory.getLogger(LocalhostNodePorts.class);
    private static final String ROUTE_LOCALNET = "net.ipv4.conf.all.route_localnet";

    private final NetworkNamespace namespace;
    private final SyncListener next;
    private boolean open;

    LocalhostNodePorts(NetworkNamespace namespace, SyncListener next) {
        this.namespace = namespace;
        this.next = next;
    }

    @Override
    public void synced(Sync sync) {
        next.synced(sync);
        if (open) {
            return;
        }
        try {
            Sysctl.write(namespace, ROUTE_LOCALNET, "1");
            open = true;
        } catch (KernelException e) {
            LOG.warn("node ports do not answer on 127.0.0.1: {}", e.getMessage());
        }
    }

    @Override
    public void failed() {
        next.failed();
    }

    /// Back to the kernel's default, before the rules go.
    ///
    /// @throws KernelException when the kernel refuses
    static void close(NetworkNamespace namespace) {
        Sysctl.write(namespace, ROUTE_LOCALNET, "0");
    }
}
