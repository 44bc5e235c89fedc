package dev.fairway.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Certificates and keys as text (RFC 7468).
final class Pem {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----(.*?)-----END ", Pattern.DOTALL);

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int LONG_LENGTH = 0x80;
    private static final byte[] VERSION = {0x02, 0x01, 0x00};

    private Pem() {}

    /// @throws IOException when there is none, or one that cannot be read
    static List<X509Certificate> certificates(byte[] text) throws IOException {
        try {
            List<X509Certificate> out =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(text))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (out.isEmpty()) {
                throw new IOException("no certificate in it");
            }
            return out;
        } catch (GeneralSecurityException e) {
            throw new IOException("no readable certificate: " + Transport.reason(e), e);
        }
    }

    /// @param owner of the same pair: it tells what the older forms leave out
    /// @throws IOException when there is no key, or one that is encrypted or does not fit
    static PrivateKey key(byte[] text, PublicKey owner) throws IOException {
        Matcher found = KEY.matcher(new String(text, StandardCharsets.UTF_8));
        if (!found.find()) {
            throw new IOException("no private key in it");
        }
        if (found.group(2).contains("ENCRYPTED") || found.group(1).startsWith("ENCRYPTED")) {
            throw new IOException("the private key is encrypted: give one without a passphrase");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(found.group(2));
            byte[] whole = found.group(1).isEmpty() ? der : pkcs8(der, owner);
            return KeyFactory.getInstance(owner.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(whole));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    "no readable private key for a certificate of " + owner.getAlgorithm() + ": " + Transport.reason(e),
                    e);
        }
    }

    /// RFC 5208 around the forms of RFC 5915 (`EC PRIVATE KEY`) and RFC 8017 (`RSA PRIVATE KEY`). Both algorithms are
    /// named in the public key by the same bytes (RFC 5280, SubjectPublicKeyInfo).
    private static byte[] pkcs8(byte[] bare, PublicKey owner) {
        return tagged(SEQUENCE, VERSION, algorithm(owner.getEncoded()), tagged(OCTET_STRING, bare));
    }

    private static byte[] algorithm(byte[] publicKey) {
        int begin = content(publicKey, 0);
        int end = content(publicKey, begin) + length(publicKey, begin);
        return Arrays.copyOfRange(publicKey, begin, end);
    }

    /// Where the content of the element begins that is at this place (X.690, 8.1.3).
    private static int content(byte[] der, int at) {
        int first = Byte.toUnsignedInt(der[at + 1]);
        return at + 2 + (first < LONG_LENGTH ? 0 : first - LONG_LENGTH);
    }

    private static int length(byte[] der, int at) {
        int first = Byte.toUnsignedInt(der[at + 1]);
        if (first < LONG_LENGTH) {
            return first;
        }
        int out = 0;
        for (int i = at + 2; i < content(der, at); i++) {
            out = (out << Byte.SIZE) | Byte.toUnsignedInt(der[i]);
        }
        return out;
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + Byte.SIZE - 1) / Byte.SIZE;
        if (length >= LONG_LENGTH) {
            out.write(LONG_LENGTH + octets);
        }
        for (int i = octets - 1; i >= 0; i--) {
            out.write(length >> (i * Byte.SIZE));
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
