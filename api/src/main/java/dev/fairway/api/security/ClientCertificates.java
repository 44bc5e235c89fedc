package dev.fairway.api.security;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/// Verifies client certificates against the authorities that are trusted at this moment. It is done here and not in the
/// TLS layer, so that a wrong certificate gets a clear answer, and so that trust can change while the server runs.
public final class ClientCertificates {

    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_PURPOSE = "2.5.29.37.0";
    private static final String KEPT = "fairway.client";

    private final Supplier<List<X509Certificate>> trusted;
    private final InstantSource clock;

    public ClientCertificates(Supplier<List<X509Certificate>> trusted, InstantSource clock) {
        this.trusted = trusted;
        this.clock = clock;
    }

    /// What was found out about a connection's certificate.
    ///
    /// @param by the authorities it was checked against: when they change, it is checked again
    private record Checked(Optional<User> user, Instant from, Instant until, List<X509Certificate> by) {
        boolean isFor(Instant now, List<X509Certificate> authorities) {
            return by.equals(authorities) && !now.isBefore(from) && !now.isAfter(until);
        }
    }

    /// The holder of the connection's certificate; empty when the certificate is foreign, expired, or not for clients.
    public Optional<User> user(SSLSession session) {
        Instant now = clock.instant();
        List<X509Certificate> authorities = trusted.get();
        if (session.getValue(KEPT) instanceof Checked checked && checked.isFor(now, authorities)) {
            return checked.user;
        }
        try {
            X509Certificate[] chain = Arrays.stream(session.getPeerCertificates())
                    .filter(X509Certificate.class::isInstance)
                    .toArray(X509Certificate[]::new);
            Checked checked = new Checked(
                    verify(chain, now, authorities),
                    chain[0].getNotBefore().toInstant(),
                    chain[0].getNotAfter().toInstant(),
                    authorities);
            session.putValue(KEPT, checked);
            return checked.user;
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    private static Optional<User> verify(X509Certificate[] chain, Instant now, List<X509Certificate> authorities) {
        try {
            Set<TrustAnchor> anchors = authorities.stream()
                    .map(authority -> new TrustAnchor(authority, null))
                    .collect(Collectors.toSet());
            PKIXParameters rules = new PKIXParameters(anchors);
            rules.setRevocationEnabled(false);
            rules.setDate(Date.from(now));
            var path = CertificateFactory.getInstance("X.509").generateCertPath(List.<Certificate>of(chain));
            CertPathValidator.getInstance("PKIX").validate(path, rules);
            return isForClients(chain[0]) ? holder(chain[0]) : Optional.empty();
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static boolean isForClients(X509Certificate certificate) throws CertificateException {
        List<String> purposes = certificate.getExtendedKeyUsage();
        return purposes != null && (purposes.contains(CLIENT_AUTH) || purposes.contains(ANY_PURPOSE));
    }

    /// A certificate without a common name is nobody's.
    private static Optional<User> holder(X509Certificate certificate) throws GeneralSecurityException {
        User user = User.of(certificate);
        if (user.isAnonymous()) {
            return Optional.empty();
        }
        var extra = new TreeMap<String, List<String>>();
        extra.put(
                "authentication.kubernetes.io/credential-id",
                List.of("X509SHA256=" + CertifiedKey.fingerprint(certificate)));
        return Optional.of(new User(user.name(), user.uid(), user.groups(), extra));
    }
}
