package dev.fairway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreChoiceTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        postgres              |       | --store: unknown store "postgres"; known: sqlite, memory, etcd://HOST:PORT
        etcd://               |       | --store: "etcd://": expected etcd://HOST:PORT, with further endpoints after commas
        etcd://a:b@h:1        |       | --store: user and password do not belong into the location: others could see them; give a password file
        etcd://h:1            | fairway | --etcd-user: needs --etcd-password-file too
        sqlite                | fairway | --etcd-user: only with --store etcd://HOST:PORT
        """)
    void whatCannotBeIsRefusedByItsOption(String location, String user, String sentence) {
        assertThatThrownBy(() -> new StoreChoice(location, new TreeMap<>(), user == null ? "" : user))
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessage(sentence);
    }

    @Test
    void aKeyNeedsItsCertificateAndFilesMustBeReadable() throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "k");
        assertThatThrownBy(() -> new StoreChoice("etcd://h", new TreeMap<>(Map.of(StoreChoice.KEY, key)), ""))
                .hasMessage("--etcd-key: needs --etcd-cert too");
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> new StoreChoice("etcd://h", new TreeMap<>(Map.of(StoreChoice.CA, missing)), ""))
                .hasMessage("--etcd-ca: cannot read " + missing);
    }

    @Test
    void theChoiceIsKeptForLaterStarts() throws Exception {
        StateFolder state = new StateFolder(folder.resolve("state"));
        Path password = Files.writeString(folder.resolve("password"), "p");
        StoreChoice choice = new StoreChoice(
                "etcd://one:2379,two:2379", new TreeMap<>(Map.of(StoreChoice.PASSWORD, password)), "fairway");
        assertThat(StoreChoice.kept(state)).isEmpty();
        choice.keep(state);
        assertThat(StoreChoice.kept(state)).contains(choice);
        new StoreChoice("memory", new TreeMap<>(), "").keep(state);
        assertThat(StoreChoice.kept(state)).contains(choice);
    }

    @Test
    void theNameOfAClusterBelongsToOneStateFolder() {
        String cluster = "locktest" + ProcessHandle.current().pid();
        StateFolder mine = new StateFolder(folder.resolve("mine"));
        StateFolder other = new StateFolder(folder.resolve("other"));
        try (ClusterLock lock = ClusterLock.take(cluster, mine)) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> ClusterLock.take(cluster, other))
                    .hasMessageContaining(
                            "the name \"" + cluster + "\" is taken on this machine by the cluster of " + mine.root());
        } finally {
            ClusterLock.requireMine(cluster, mine);
            ClusterLock.forget(cluster);
        }
        ClusterLock.requireMine(cluster, other);
    }
}
