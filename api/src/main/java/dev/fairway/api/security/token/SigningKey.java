package dev.fairway.api.security.token;

import dev.fairway.schema.Json;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The key that signs ServiceAccount tokens: P-256, for the algorithm ES256 (RFC 7518 section 3.4) and no other.
final class SigningKey {

    private static final String ALGORITHM = "SHA256withECDSAinP1363Format";
    private static final int COORDINATE_BYTES = 32;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final KeyPair keys;
    private final String id;

    SigningKey(KeyPair keys) {
        this.keys = keys;
        this.id = BASE64.encodeToString(sha256(keys.getPublic().getEncoded()));
    }

    static SigningKey generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return new SigningKey(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no P-256 keys", e);
        }
    }

    /// @param text what {@link #toText} gave
    /// @throws IOException when it is no such text
    static SigningKey parse(String text) throws IOException {
        String[] lines = text.strip().split("\n");
        try {
            KeyFactory factory = KeyFactory.getInstance("EC");
            byte[] secret = Base64.getDecoder().decode(lines[0]);
            byte[] open = Base64.getDecoder().decode(lines[1]);
            PublicKey publicKey = factory.generatePublic(new X509EncodedKeySpec(open));
            return new SigningKey(new KeyPair(publicKey, factory.generatePrivate(new PKCS8EncodedKeySpec(secret))));
        } catch (GeneralSecurityException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("not a signing key: " + e.getMessage(), e);
        }
    }

    /// Two lines of base64: the private key (PKCS #8) and the public key (X.509).
    String toText() {
        return Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded()) + "\n"
                + Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()) + "\n";
    }

    /// Names the key in tokens and in the published key set.
    String id() {
        return id;
    }

    byte[] sign(String text) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(keys.getPrivate());
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime cannot sign with " + ALGORITHM, e);
        }
    }

    boolean verify(String text, byte[] seal) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(keys.getPublic());
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return signature.verify(seal);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// The public key as RFC 7517 writes it.
    Optional<ObjectNode> jwk() {
        if (!(keys.getPublic() instanceof ECPublicKey key)) {
            return Optional.empty();
        }
        return Optional.of(Json.object()
                .put("use", "sig")
                .put("kty", "EC")
                .put("kid", id)
                .put("crv", "P-256")
                .put("alg", "ES256")
                .put("x", coordinate(key.getW().getAffineX()))
                .put("y", coordinate(key.getW().getAffineY())));
    }

    private static String coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[COORDINATE_BYTES];
        int length = Math.min(bytes.length, COORDINATE_BYTES);
        System.arraycopy(bytes, bytes.length - length, fixed, COORDINATE_BYTES - length, length);
        return BASE64.encodeToString(fixed);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    /// The private part is left out: this text may reach a log.
    @Override
    public String toString() {
        return "SigningKey[" + id + "]";
    }
}
