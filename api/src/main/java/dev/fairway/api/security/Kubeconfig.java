package dev.fairway.api.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/// The file that tells kubectl where the server is and who the user is.
///
/// @param cluster the name of the cluster, its user and its context
/// @param server the address, `https://127.0.0.1:6443`
/// @param authorityPem the certificate of the authority that certified the server
public record Kubeconfig(String cluster, String server, String authorityPem, CertifiedKey client) {

    public String toText() {
        return """
                apiVersion: v1
                kind: Config
                current-context: %1$s
                clusters:
                - name: %1$s
                  cluster:
                    server: %2$s
                    certificate-authority-data: %3$s
                contexts:
                - name: %1$s
                  context:
                    cluster: %1$s
                    user: %1$s-admin
                users:
                - name: %1$s-admin
                  user:
                    client-certificate-data: %4$s
                    client-key-data: %5$s
                """.formatted(
                cluster, server, base64(authorityPem), base64(client.certificatePem()), base64(client.curveKeyPem()));
    }

    /// Writes the file so that only its owner can read it: it holds a private key.
    public void write(Path file) throws IOException {
        SecretFile.write(file, toText());
    }

    private static String base64(String pem) {
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
    }

    /// The key is left out: this text may reach a log.
    @Override
    public String toString() {
        return "Kubeconfig[" + cluster + ", " + server + "]";
    }
}
