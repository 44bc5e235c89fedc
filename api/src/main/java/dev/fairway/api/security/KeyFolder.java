package dev.fairway.api.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Keys and certificates as PEM files, `NAME.key` and `NAME.crt`, readable by their owner alone.
final class KeyFolder {

    private final Path folder;

    Path path() {
        return folder;
    }

    private KeyFolder(Path folder) {
        this.folder = folder;
    }

    static KeyFolder open(Path folder) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new KeyFolder(folder);
    }

    /// One that is there, to be read.
    static KeyFolder existing(Path folder) {
        return new KeyFolder(folder);
    }

    /// @throws IOException naming the file, when it is there but cannot be understood
    Optional<CertifiedKey> read(String name) throws IOException {
        Path key = folder.resolve(name + ".key");
        Path certificate = folder.resolve(name + ".crt");
        if (!Files.exists(key) || !Files.exists(certificate)) {
            return Optional.empty();
        }
        return Optional.of(new CertifiedKey(readCertificate(certificate), readKey(key)));
    }

    /// Of all that has a certificate.
    List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(file -> file.endsWith(".crt"))
                    .map(file -> file.substring(0, file.length() - ".crt".length()))
                    .sorted()
                    .toList();
        }
    }

    /// The certificate alone.
    Optional<X509Certificate> readCertificate(String name) throws IOException {
        Path file = folder.resolve(name + ".crt");
        return Files.exists(file) ? Optional.of(readCertificate(file)) : Optional.empty();
    }

    void writeCertificate(String name, X509Certificate certificate) throws IOException {
        SecretFile.write(folder.resolve(name + ".crt"), CertifiedKey.pem(certificate));
    }

    void delete(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name + ".crt"));
        Files.deleteIfExists(folder.resolve(name + ".key"));
    }

    private static X509Certificate readCertificate(Path file) throws IOException {
        try {
            byte[] pem = Files.readAllBytes(file);
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "cannot read certificate " + file + ": " + e.getMessage() + "; delete it to renew", e);
        }
    }

    private static PrivateKey readKey(Path file) throws IOException {
        try {
            String pem =
                    Files.readString(file).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
            return KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    "cannot read private key " + file + ": " + e.getMessage() + "; delete it to renew", e);
        }
    }

    /// The key comes first: a crash in between leaves a pair that does not match and is not read.
    void write(String name, CertifiedKey pair) throws IOException {
        Files.deleteIfExists(folder.resolve(name + ".crt"));
        SecretFile.write(folder.resolve(name + ".key"), pair.keyPem());
        SecretFile.write(folder.resolve(name + ".crt"), pair.certificatePem());
    }
}
