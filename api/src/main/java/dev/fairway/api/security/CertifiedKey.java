package dev.fairway.api.security;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.SortedSet;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/// A private key and the certificate for it.
public record CertifiedKey(X509Certificate certificate, PrivateKey key) {

    /// A new one for a server that its clients know by the fingerprint: nobody but itself vouches for it.
    ///
    /// @param called the certificate's common name
    /// @param reachedAs names and addresses under which clients reach it
    public static CertifiedKey alone(String called, SortedSet<String> reachedAs, Instant now) {
        return Certificates.alone(Certificates.Leaf.server(called, reachedAs), now);
    }

    /// SHA-256 of the certificate, in hexadecimal.
    public String fingerprint() {
        return fingerprint(certificate);
    }

    public static String fingerprint(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read has no fingerprint", e);
        }
    }

    public String certificatePem() {
        return pem(certificate);
    }

    public String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    /// The key in the older form of RFC 5915, which says by its first line that it is an elliptic curve: clients in
    /// Java
    /// take the newer form for RSA.
    public String curveKeyPem() {
        try {
            PrivateKeyInfo whole = PrivateKeyInfo.getInstance(key.getEncoded());
            BigInteger number =
                    ECPrivateKey.getInstance(whole.parsePrivateKey()).getKey();
            var shared =
                    SubjectPublicKeyInfo.getInstance(certificate.getPublicKey().getEncoded());
            ECPrivateKey form = new ECPrivateKey(
                    ((ECKey) key).getParams().getOrder().bitLength(),
                    number,
                    new DERBitString(shared.getPublicKeyData().getBytes()),
                    whole.getPrivateKeyAlgorithm().getParameters());
            return pem("EC PRIVATE KEY", form.getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("a key that was made cannot be written", e);
        }
    }

    static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
    }

    private static String pem(String type, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }

    /// The key is left out: this text may reach a log.
    @Override
    public String toString() {
        return "CertifiedKey[" + certificate.getSubjectX500Principal() + "]";
    }
}
