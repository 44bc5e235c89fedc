package dev.fairway.api.security;

import java.io.IOException;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The key of a running server. It is renewed before it expires, and so is the authority behind it, while the server
/// runs.
public final class ServerKeys implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerKeys.class);
    private static final long CHECK_SECONDS = 60;

    private final CertificateAuthority authority;
    private final SortedSet<String> reachedAs;
    private final Thread thread;
    private volatile CertifiedKey current;
    private volatile Runnable listener = () -> {};

    private ServerKeys(CertificateAuthority authority, SortedSet<String> reachedAs) throws IOException {
        this.authority = authority;
        this.reachedAs = reachedAs;
        this.current = authority.server("server", reachedAs);
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
