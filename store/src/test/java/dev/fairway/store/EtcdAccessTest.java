package dev.fairway.store;

import static dev.fairway.store.Keys.done;
import static dev.fairway.store.Keys.put;
import static dev.fairway.store.Keys.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.store.etcd.EtcdConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Getting into an etcd that is locked: TLS with client certificates, users with passwords whose tokens run out.
class EtcdAccessTest {

    @TempDir
    Path folder;

    @Test
    void tlsWithAClientCertificate() throws Exception {
        Keytool keys = new Keytool(folder);
        keys.authority("ca");
        keys.issue("server", "ca");
        keys.issue("client", "ca");
        try (EtcdServer etcd = EtcdServer.startWithTls(
                folder,
                List.of(
                        "--client-cert-auth",
                        "--trusted-ca-file=" + keys.certificate("ca"),
                        "--cert-file=" + keys.certificate("server"),
                        "--key-file=" + keys.key("server")))) {
            EtcdConfig bare = EtcdConfig.parse(etcd.location());
            EtcdConfig right = bare.withTls(new EtcdConfig.Tls(
                    Optional.of(keys.certificate("ca")),
                    Optional.of(new EtcdConfig.ClientKey(keys.certificate("client"), keys.key("client")))));
            try (Store store = Stores.etcd(right)) {
                done(store, put("/a", "1"));
                assertThat(value(store, "/a")).contains("1");
            }
            EtcdConfig withoutKey =
                    bare.withTls(new EtcdConfig.Tls(Optional.of(keys.certificate("ca")), Optional.empty()));
            assertThatThrownBy(() -> Stores.etcd(withoutKey))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("etcd at " + etcd.endpoint());
            keys.authority("stranger");
            EtcdConfig distrusting =
                    bare.withTls(new EtcdConfig.Tls(Optional.of(keys.certificate("stranger")), Optional.empty()));
            assertThatThrownBy(() -> Stores.etcd(distrusting))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("etcd at " + etcd.endpoint());
        }
    }

    @Test
    void aUserWithAPassword() throws Exception {
        try (EtcdServer etcd = EtcdServer.start(folder, List.of("--auth-token-ttl=2"))) {
            etcd.awaitReady();
            etcd.control("user", "add", "root:top");
            etcd.control("user", "grant-role", "root", "root");
            etcd.control("role", "add", "fairway");
            etcd.control("role", "grant-permission", "fairway", "readwrite", "--prefix=true", "/fairway");
            etcd.control("user", "add", "fairway:secret");
            etcd.control("user", "grant-role", "fairway", "fairway");
            etcd.control("auth", "enable");
            EtcdConfig bare = EtcdConfig.parse(etcd.location());
            EtcdConfig right = bare.withUser(new EtcdConfig.User("fairway", secret("password", "secret\n")));
            try (Store store = EtcdStore.open(right, ChangeWindow.Bounds.USUAL, Duration.ofMinutes(5))) {
                Recorder heard = new Recorder();
                store.watch("/", 1, heard);
                done(store, put("/a", "1"));
                etcd.restart(); // which forgets all tokens
                store.catchUp();
                done(store, put("/a", "2"));
                heard.await(2);
            }
            EtcdConfig wrong = bare.withUser(new EtcdConfig.User("fairway", secret("wrong", "guess")));
            assertThatThrownBy(() -> Stores.etcd(wrong))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("authentication failed")
                    .hasMessageNotContaining("guess");
            assertThatThrownBy(() -> Stores.etcd(bare))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("user name is empty");
        }
    }

    private Path secret(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }
}
