package dev.fairway.bench;

import dev.fairway.api.ApiServer;
import dev.fairway.api.ApiServerConfig;
import dev.fairway.api.NodeDirectory;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.security.CertificateAuthority;
import dev.fairway.api.security.CertifiedKey;
import dev.fairway.api.security.User;
import dev.fairway.app.server.HeapTrim;
import dev.fairway.store.Store;
import dev.fairway.store.Stores;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeSet;

/// The server process of the benchmark: the API server as the product starts it, on SQLite, with TLS, and nothing else.
public final class BenchServer {

    private static final Duration TRIM_EVERY = Duration.ofSeconds(30); // as the product does

    private BenchServer() {}

    /// @param args the folder for keys and state; the port is told in its file `port`
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        HeapTrim.every(TRIM_EVERY);
        Store store = Stores.sqlite(folder.resolve("state"));
        CertificateAuthority authority = CertificateAuthority.open(folder.resolve("pki"), InstantSource.system());
        ApiServerConfig config =
                new ApiServerConfig("127.0.0.1", 0, authority, new TreeSet<>(List.of("127.0.0.1", "localhost")));
        ApiServer server = ApiServer.start(config, store, Kinds.standard(), NodeDirectory.none());
        CertifiedKey admin = authority.client("admin", "admin", List.of(User.MASTERS));
        Files.writeString(folder.resolve("admin.key"), admin.keyPem());
        Files.writeString(folder.resolve("admin.crt"), admin.certificatePem());
        Files.writeString(folder.resolve("ca.crt"), authority.certificatePem());
        Files.writeString(folder.resolve("port.new"), Integer.toString(server.port()));
        Files.move(folder.resolve("port.new"), folder.resolve("port"));
        // Its parent closes this program's input when it wants it to end.
        System.in.transferTo(OutputStream.nullOutputStream());
        server.close();
        store.close();
        System.exit(0);
    }
}
