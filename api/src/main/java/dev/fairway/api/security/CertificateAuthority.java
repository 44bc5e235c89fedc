package dev.fairway.api.security;

import dev.fairway.api.security.Certificates.Leaf;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The cluster's own certificate authority: it certifies the server and its clients, and keeps the keys in a folder
/// that only its owner can read. A certificate that is about to expire is made anew when it is asked for.
///
/// The authority itself is replaced in three steps, so that at every moment everybody trusts who signs. First the next
/// one is announced (`ca-next`): it is trusted and published, but does not sign. A day later it takes over (`ca`), and
/// the former one (`ca-old`) stays trusted until the last certificate that it signed has expired.
public final class CertificateAuthority {

    private static final Duration RENEW_BEFORE = Duration.ofDays(30);

    /// A new authority begins a year before the end of the old one.
    private static final Duration REPLACE_BEFORE = Duration.ofDays(365);

    /// Time for everybody to learn of the next authority.
    private static final Duration ANNOUNCED_FOR = Duration.ofDays(1);

    private static final String CURRENT = "ca";
    private static final String NEXT = "ca-next";
    private static final String OLD = "ca-old";

    private final KeyFolder folder;
    private final InstantSource clock;
    private volatile State state;

    /// @param signer who signs now
    /// @param trusted whose certificates count, the signer first
    private record State(CertifiedKey signer, List<X509Certificate> trusted) {}

    private CertificateAuthority(KeyFolder folder, InstantSource clock, State state) {
        this.folder = folder;
        this.clock = clock;
        this.state = state;
    }

    /// Reads the authority from the folder, or founds it there.
    ///
    /// @throws IOException naming the file that cannot be read or written
    public static CertificateAuthority open(Path path, InstantSource clock) throws IOException {
        KeyFolder folder = KeyFolder.open(path);
        if (folder.read(CURRENT).isEmpty()) {
            // Without one there either was none yet, or the change to the next one was cut off in the middle.
            folder.write(CURRENT, folder.read(NEXT).orElseGet(() -> Certificates.found(clock.instant())));
        }
        CertificateAuthority authority = new CertificateAuthority(folder, clock, read(folder));
        authority.check();
        return authority;
    }

    private static State read(KeyFolder folder) throws IOException {
        CertifiedKey signer = folder.read(CURRENT)
                .orElseThrow(() -> new IOException("the authority's key in " + folder.path() + " is gone"));
        List<X509Certificate> trusted = new ArrayList<>(List.of(signer.certificate()));
        folder.readCertificate(NEXT).ifPresent(trusted::add);
        folder.readCertificate(OLD).ifPresent(trusted::add);
        return new State(signer, trusted.stream().distinct().toList());
    }

    /// Takes the steps that are due, and those that another process has taken in the folder.
    ///
    /// @throws IOException naming the file that cannot be read or written
    public synchronized void check() throws IOException {
        Instant now = clock.instant();
        if (endsWithin(state.signer.certificate(), REPLACE_BEFORE)) {
            announceNext();
        }
        Optional<CertifiedKey> next = folder.read(NEXT);
        if (next.isPresent() && !now.isBefore(begun(next.get()).plus(ANNOUNCED_FOR))) {
            promote(next.get());
        }
        if (folder.readCertificate(OLD)
                        .map(old -> endsWithin(old, Duration.ZERO))
                        .orElse(false)
                || (isLongSigning() && folder.read(NEXT).isEmpty())) {
            folder.delete(OLD);
        }
        State found = read(folder);
        if (!found.trusted.equals(state.trusted)) {
            state = found;
        }
    }

    /// The signer has been at work for longer than anything that its predecessor has signed can live.
    private boolean isLongSigning() {
        Instant sole = begun(state.signer).plus(ANNOUNCED_FOR).plus(Certificates.LEAF_LIFE);
        return clock.instant().isAfter(sole);
    }

    private static Instant begun(CertifiedKey key) {
        return key.certificate().getNotBefore().toInstant().plus(Certificates.CLOCK_SLACK);
    }

    private boolean endsWithin(X509Certificate certificate, Duration time) {
        return !clock.instant().plus(time).isBefore(certificate.getNotAfter().toInstant());
    }

    /// Begins to replace the authority; does nothing when that has begun already. Servers that run notice it.
    ///
    /// @return when the next one takes over
    /// @throws IOException naming the file that cannot be read or written
    public synchronized Instant announceNext() throws IOException {
        Optional<CertifiedKey> known = folder.read(NEXT);
        CertifiedKey next = known.isPresent() ? known.get() : Certificates.found(clock.instant());
        if (known.isEmpty()) {
            folder.write(NEXT, next);
        }
        return begun(next).plus(ANNOUNCED_FOR);
    }

    private void promote(CertifiedKey next) throws IOException {
        folder.writeCertificate(OLD, state.signer.certificate());
        folder.write(CURRENT, next);
        folder.delete(NEXT);
        state = read(folder);
    }

    /// The folder that holds the keys.
    public Path folder() {
        return folder.path();
    }

    /// Every certificate in the folder, by its name there.
    ///
    /// @throws IOException naming the file that cannot be read
    public SortedMap<String, X509Certificate> certificates() throws IOException {
        return certificates(folder);
    }

    /// The same for who only looks: no step is taken, and nothing is written.
    ///
    /// @throws IOException naming the folder or the file that cannot be read
    public static SortedMap<String, X509Certificate> certificates(Path path) throws IOException {
        return certificates(KeyFolder.existing(path));
    }

    private static SortedMap<String, X509Certificate> certificates(KeyFolder folder) throws IOException {
        SortedMap<String, X509Certificate> out = new TreeMap<>();
        for (String name : folder.names()) {
            folder.readCertificate(name).ifPresent(certificate -> out.put(name, certificate));
        }
        return out;
    }

    /// What clients need to trust the server: one certificate, or more while the authority is being replaced.
    public String certificatePem() {
        return state.trusted.stream().map(CertifiedKey::pem).collect(Collectors.joining());
    }

    /// Whose client certificates count. The same list until that changes.
    public List<X509Certificate> trusted() {
        return state.trusted;
    }

    /// A key for a server that is reached under these names and addresses; kept as `name` and reused while it fits.
    public CertifiedKey server(String name, SortedSet<String> reachedAs) throws IOException {
        Optional<CertifiedKey> known = usable(name).filter(key -> Certificates.isFor(key.certificate(), reachedAs));
        return known.isPresent() ? known.get() : keep(name, Leaf.server(reachedAs));
    }

    /// A key for a client: the user is its common name, the groups are its organizations.
    public CertifiedKey client(String name, String user, List<String> groups) throws IOException {
        Optional<CertifiedKey> known =
                usable(name).filter(key -> User.of(key.certificate()).equals(User.authenticated(user, groups)));
        return known.isPresent() ? known.get() : keep(name, Leaf.client(user, groups));
    }

    private Optional<CertifiedKey> usable(String name) throws IOException {
        return folder.read(name).filter(key -> !endsWithin(key.certificate(), RENEW_BEFORE) && isOurs(key));
    }

    private boolean isOurs(CertifiedKey key) {
        try {
            key.certificate().verify(state.signer.certificate().getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private CertifiedKey keep(String name, Leaf leaf) throws IOException {
        CertifiedKey made = Certificates.sign(state.signer, leaf, clock.instant());
        folder.write(name, made);
        return made;
    }
}
