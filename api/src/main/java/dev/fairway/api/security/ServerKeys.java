package dev.fairway.api.security;

import java.io.IOException;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys of a running server: the one that it shows to clients, and the one by which nodes know it. They are renewed
/// before they expire, and so is the authority behind them, while the server runs.
public final class ServerKeys implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerKeys.class);
    private static final long CHECK_SECONDS = 60;

    /// As whom an API server asks nodes for their pods. Upstream's installer gives it the same name.
    public static final String TO_NODES = "kube-apiserver-kubelet-client";

    private static final String TO_NODES_FILE = "apiserver-kubelet-client";

    private final CertificateAuthority authority;
    private final SortedSet<String> reachedAs;
    private final Thread thread;
    private volatile CertifiedKey current;
    private volatile CertifiedKey toNodes;
    private volatile Runnable listener = () -> {};

    private ServerKeys(CertificateAuthority authority, SortedSet<String> reachedAs) throws IOException {
        this.authority = authority;
        this.reachedAs = reachedAs;
        this.current = authority.server("server", reachedAs);
        this.toNodes = authority.client(TO_NODES_FILE, TO_NODES, List.of());
        this.thread = Thread.ofVirtual().name("key-renewal").unstarted(this::run);
    }

    /// @throws IOException naming the file that cannot be read or written
    public static ServerKeys open(CertificateAuthority authority, SortedSet<String> reachedAs) throws IOException {
        ServerKeys keys = new ServerKeys(authority, reachedAs);
        keys.thread.start();
        return keys;
    }

    public CertifiedKey current() {
        return current;
    }

    /// What it shows to nodes. It gives no rights at the API.
    public CertifiedKey toNodes() {
        return toNodes;
    }

    /// @param changed called after each renewal of any certificate, and once a check otherwise; must be quick
    public void onCheck(Runnable changed) {
        listener = changed;
    }

    /// Looks whether something is due.
    ///
    /// @throws IOException naming the file that cannot be read or written
    public void check() throws IOException {
        authority.check();
        current = authority.server("server", reachedAs);
        toNodes = authority.client(TO_NODES_FILE, TO_NODES, List.of());
        listener.run();
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(CHECK_SECONDS);
                checkQuietly();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /// The top of the loop: what fails is tried again a minute later, long before a certificate expires.
    private void checkQuietly() {
        try {
            check();
        } catch (IOException | RuntimeException e) {
            LOG.warn("cannot renew certificates: {}", e.toString());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
