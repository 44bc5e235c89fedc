package dev.fairway.client;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Tree;
import dev.fairway.schema.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// A kubeconfig that names no more than a server, its authority and a certificate or token: nearly all of them. It is
/// read here because a library for all of them takes longer than the rest of a command.
///
/// @param authorities who certifies the server; empty for those that the JVM trusts
/// @param identity empty for who shows no certificate
/// @param token empty for none
/// @param tokenFile before the token; read anew for each request, because whoever writes it renews it
record PlainAccess(
        String server,
        List<X509Certificate> authorities,
        Optional<ClientCertificate> identity,
        String token,
        Optional<Path> tokenFile) {

    private static final Set<String> CLUSTER =
            Set.of("server", "certificate-authority", "certificate-authority-data", "extensions");
    private static final Set<String> USER = Set.of(
            "client-certificate",
            "client-certificate-data",
            "client-key",
            "client-key-data",
            "token",
            "tokenFile",
            "extensions");

    /// Empty when the current context needs more, or there is none.
    ///
    /// @throws IOException when a certificate or key of it cannot be read
    static Optional<PlainAccess> read(Path kubeconfig) throws IOException {
        ObjectNode file = parse(kubeconfig);
        JsonNode context = named(file, "contexts", "context", Tree.text(file, "current-context"));
        JsonNode cluster = named(file, "clusters", "cluster", Tree.text(context, "cluster"));
        JsonNode user = named(file, "users", "user", Tree.text(context, "user"));
        if (Tree.text(cluster, "server").isEmpty()
                || !CLUSTER.containsAll(cluster.propertyNames())
                || !USER.containsAll(user.propertyNames())) {
            return Optional.empty();
        }
        return Optional.of(new PlainAccess(
                Tree.text(cluster, "server"),
                certificates(kubeconfig, cluster, "certificate-authority"),
                identity(kubeconfig, user),
                Tree.text(user, "token"),
                Optional.of(Tree.text(user, "tokenFile"))
                        .filter(name -> !name.isEmpty())
                        .map(kubeconfig.toAbsolutePath()::resolveSibling)));
    }

    private static ObjectNode parse(Path kubeconfig) throws IOException {
        try {
            return Yaml.parse(Files.readAllBytes(kubeconfig));
        } catch (IllegalArgumentException e) {
            throw new IOException("kubeconfig " + kubeconfig + " is " + e.getMessage(), e);
        }
    }

    private static JsonNode named(ObjectNode file, String list, String kind, String name) {
        return Tree.objects(file, list).stream()
                .filter(entry -> Tree.text(entry, "name").equals(name))
                .findFirst()
                .map(entry -> Tree.at(entry, kind))
                .orElse(MissingNode.getInstance());
    }

    private static Optional<ClientCertificate> identity(Path kubeconfig, JsonNode user) throws IOException {
        List<X509Certificate> chain = certificates(kubeconfig, user, "client-certificate");
        Optional<byte[]> key = bytes(kubeconfig, user, "client-key");
        if (chain.isEmpty() && key.isEmpty()) {
            return Optional.empty();
        }
        if (chain.isEmpty() || key.isEmpty()) {
            throw wrong(kubeconfig, "client-certificate and client-key", "only one is there");
        }
        try {
            PrivateKey secret = Pem.key(key.get(), chain.getFirst().getPublicKey());
            return Optional.of(new ClientCertificate(chain, secret));
        } catch (IOException e) {
            throw wrong(kubeconfig, "client-key", e.getMessage());
        }
    }

    /// None when nothing is said.
    private static List<X509Certificate> certificates(Path kubeconfig, JsonNode from, String field) throws IOException {
        Optional<byte[]> text = bytes(kubeconfig, from, field);
        try {
            return text.isEmpty() ? List.of() : Pem.certificates(text.get());
        } catch (IOException e) {
            throw wrong(kubeconfig, field, e.getMessage());
        }
    }

    private static IOException wrong(Path kubeconfig, String field, @Nullable String reason) {
        return new IOException("kubeconfig " + kubeconfig + ": " + field + ": " + reason);
    }

    /// What is written down itself goes before what is in a file; files are named from the kubeconfig's folder.
    private static Optional<byte[]> bytes(Path kubeconfig, JsonNode from, String field) throws IOException {
        String inline = Tree.text(from, field + "-data");
        if (!inline.isEmpty()) {
            return Optional.of(decoded(kubeconfig, field, inline));
        }
        String file = Tree.text(from, field);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Path path = kubeconfig.toAbsolutePath().resolveSibling(file);
        if (!Files.isReadable(path)) {
            throw wrong(kubeconfig, field, "cannot read " + path);
        }
        return Optional.of(Files.readAllBytes(path));
    }

    private static byte[] decoded(Path kubeconfig, String field, String text) throws IOException {
        try {
            return Base64.getMimeDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            throw wrong(kubeconfig, field + "-data", "not base64");
        }
    }

    /// Empty for those of the JVM.
    Optional<TrustManager[]> trust() throws IOException {
        if (authorities.isEmpty()) {
            return Optional.empty();
        }
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority-" + i, authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return Optional.of(factory.getTrustManagers());
        } catch (GeneralSecurityException e) {
            throw new IOException("the authority of " + server + " cannot be trusted: " + Transport.reason(e), e);
        }
    }

    /// @return empty for none
    /// @throws ApiException when the token's file cannot be read
    String bearer() {
        if (tokenFile.isEmpty()) {
            return token;
        }
        try {
            return Files.readString(tokenFile.get()).strip();
        } catch (IOException e) {
            throw new ApiException(401, "Unauthorized", "cannot read the token in " + tokenFile.get());
        }
    }

    /// The token is left out: this text may reach a log.
    @Override
    public String toString() {
        return "PlainAccess[" + server + "]";
    }
}
