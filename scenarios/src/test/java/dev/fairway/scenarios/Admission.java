package dev.fairway.scenarios;

import dev.fairway.api.security.CertificateAuthority;
import dev.fairway.api.security.CertifiedKey;
import dev.fairway.api.security.User;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Clients that every server of an authority admits as administrator.
public final class Admission {

    private Admission() {}

    /// HTTP/1.1, so that each request in flight has a connection of its own.
    public static HttpClient client(CertificateAuthority authority) throws IOException, GeneralSecurityException {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(own(authority).getKeyManagers(), trust(authority).getTrustManagers(), null);
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls)
                .build();
    }

    private static KeyManagerFactory own(CertificateAuthority authority) throws IOException, GeneralSecurityException {
        CertifiedKey key = authority.client("race", "race", List.of(User.MASTERS));
        KeyStore own = empty();
        own.setKeyEntry("own", key.key(), new char[0], new Certificate[] {key.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        return keys;
    }

    private static TrustManagerFactory trust(CertificateAuthority authority)
            throws IOException, GeneralSecurityException {
        byte[] pem = authority.certificatePem().getBytes(StandardCharsets.US_ASCII);
        KeyStore trusted = empty();
        trusted.setCertificateEntry(
                "ca", CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem)));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore out = KeyStore.getInstance("PKCS12");
        out.load(null, null);
        return out;
    }
}
