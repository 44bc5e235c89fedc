package dev.fairway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Keys as openssl writes them.
class PemTest {

    private static final byte[] TEXT = {1, 2, 3};

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 | PRIVATE KEY     | EC    | SHA256withECDSA
            ecparam -genkey -noout -name prime256v1                | EC PRIVATE KEY  | EC    | SHA256withECDSA
            ecparam -genkey -name secp521r1                        | EC PRIVATE KEY  | EC    | SHA256withECDSA
            genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048   | PRIVATE KEY     | RSA   | SHA256withRSA
            genrsa -traditional 2048                               | RSA PRIVATE KEY | RSA   | SHA256withRSA
            genpkey -algorithm ed25519                             | PRIVATE KEY     | EdDSA | Ed25519
            """)
    void everyFormOfAKeyIsRead(String command, String label, String algorithm, String signature) throws Exception {
        openssl(command.replaceFirst(" ", " -out key.pem "));
        openssl("pkey -in key.pem -pubout -outform DER -out public.der");
        byte[] text = Files.readAllBytes(folder.resolve("key.pem"));
        assertThat(new String(text, StandardCharsets.UTF_8)).contains("-----BEGIN " + label + "-----");
        PublicKey owner = KeyFactory.getInstance(algorithm)
                .generatePublic(new X509EncodedKeySpec(Files.readAllBytes(folder.resolve("public.der"))));
        PrivateKey key = Pem.key(text, owner);
        assertThat(verifies(signature, key, owner)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes256 -pass pass:secret | the private key is encrypted
            genrsa -traditional -aes256 -passout pass:secret                                 | the private key is encrypted
            genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048                             | no readable private key for a certificate of EC
            ecparam -name prime256v1                                                         | no private key in it
            """)
    void whatCannotBeReadIsRefusedWithTheReason(String command, String reason) throws Exception {
        openssl(command.replaceFirst(" ", " -out key.pem "));
        PublicKey owner = KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic();
        assertThatThrownBy(() -> Pem.key(Files.readAllBytes(folder.resolve("key.pem")), owner))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aTextWithoutCertificateIsRefused() {
        assertThatThrownBy(() -> Pem.certificates(new byte[0])).hasMessageContaining("no certificate in it");
        assertThatThrownBy(() -> Pem.certificates(TEXT)).hasMessageContaining("certificate");
    }

    private static boolean verifies(String algorithm, PrivateKey key, PublicKey owner) throws Exception {
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(TEXT);
        byte[] signed = signer.sign();
        signer.initVerify(owner);
        signer.update(TEXT);
        return signer.verify(signed);
    }

    private void openssl(String arguments) throws IOException, InterruptedException {
        Process openssl = new ProcessBuilder(("openssl " + arguments).split(" +"))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(openssl.waitFor()).as(said).isZero();
    }
}
