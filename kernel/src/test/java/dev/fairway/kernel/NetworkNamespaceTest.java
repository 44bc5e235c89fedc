package dev.fairway.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkNamespaceTest {

    private final String name = "fwt-ns-" + ProcessHandle.current().pid();
    private NetworkNamespace namespace = NetworkNamespace.host();

    @BeforeEach
    void create() {
        namespace = NetworkNamespace.create(name);
    }

    @AfterEach
    void delete() {
        NetworkNamespace.find(name).ifPresent(NetworkNamespace::delete);
    }

    @Test
    void isListedFoundAndVisibleToTheIpCommand() throws Exception {
        assertThat(NetworkNamespace.list()).contains(name);
        assertThat(NetworkNamespace.find(name)).contains(namespace);
        assertThat(Shell.run("ip", "netns", "list")).contains(name);
    }

    @Test
    void isGoneAfterDeletion() throws Exception {
        namespace.delete();

        assertThat(NetworkNamespace.list()).doesNotContain(name);
        assertThat(NetworkNamespace.find(name)).isEmpty();
        assertThat(Shell.run("cat", "/proc/self/mountinfo")).doesNotContain(name);
        assertThatThrownBy(() -> namespace.run(() -> {}))
                .isInstanceOf(KernelException.class)
                .hasMessage("open network namespace " + name + ": ENOENT");
        assertThatThrownBy(namespace::delete)
                .isInstanceOfSatisfying(
                        KernelException.class,
                        e -> assertThat(e.is(Errno.ENOENT)).isTrue());
    }

    @Test
    void refusesATakenName() {
        assertThatThrownBy(() -> NetworkNamespace.create(name))
                .isInstanceOf(KernelException.class)
                .hasMessage("create network namespace " + name + ": EEXIST");
    }

    @Test
    void aNameLeftByACreationThatWasCutShortIsNoNamespaceAndCanBeTaken() throws Exception {
        namespace.delete();
        Files.createFile(Path.of("/run/netns", name));
        assertThat(NetworkNamespace.find(name)).isEmpty();

        assertThat(NetworkNamespace.create(name).call(NetworkNamespaceTest::current))
                .isNotEqualTo(current());

        NetworkNamespace.remove(name);
        NetworkNamespace.remove(name); // may be absent
        Files.createFile(Path.of("/run/netns", name));
        NetworkNamespace.remove(name);
        assertThat(NetworkNamespace.list()).doesNotContain(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", ".hidden", "a/b", "/etc"})
    void refusesANameThatCannotBeAFile(String bad) {
        assertThatThrownBy(() -> NetworkNamespace.create(bad)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bodiesRunInsideAndTheCallerStaysOutside() throws Exception {
        String outside = current();
        String inside = namespace.call(NetworkNamespaceTest::current);

        assertThat(inside).isNotEqualTo(outside);
        assertThat(current()).isEqualTo(outside);
        assertThat(namespace.call(() -> NetworkNamespace.host().call(NetworkNamespaceTest::current)))
                .isEqualTo(outside);
    }

    @Test
    void whatTheBodyThrowsReachesTheCaller() {
        assertThatThrownBy(() -> namespace.run(() -> {
                    throw new IOException("broken");
                }))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("broken");
    }

    @Test
    void aSocketOpenedInsideStaysThereForEveryThread() throws Exception {
        Shell.run("ip", "-n", name, "link", "set", "lo", "up");
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        // The server is closed first, so that a failed client ends the accept and with it the test.
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                ServerSocketChannel server =
                        namespace.call(() -> ServerSocketChannel.open().bind(anyPort))) {
            var accepted = threads.submit(server::accept);
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();

            Shell.run("ip", "netns", "exec", name, "bash", "-c", ": > /dev/tcp/127.0.0.1/" + port);

            assertThat(accepted.get().isConnected()).isTrue();
            accepted.get().close();
        }
    }

    @Test
    void virtualThreadsNeverMoveWithABody() throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String outside = threads.submit(NetworkNamespaceTest::current).get();
            for (int i = 0; i < 50; i++) {
                var inside = threads.submit(() -> namespace.call(NetworkNamespaceTest::current));
                assertThat(inside.get()).isNotEqualTo(outside);
                assertThat(threads.submit(NetworkNamespaceTest::current).get()).isEqualTo(outside);
            }
        }
    }

    @Test
    void moreVirtualThreadsThanCarriersMakeNamespacesAtOnce() throws Exception {
        int count = 4 * Runtime.getRuntime().availableProcessors();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var made = new java.util.ArrayList<java.util.concurrent.Future<NetworkNamespace>>();
            for (int i = 0; i < count; i++) {
                String each = name + "-" + i;
                made.add(threads.submit(() -> NetworkNamespace.create(each)));
            }
            for (var one : made) {
                one.get(30, java.util.concurrent.TimeUnit.SECONDS).delete();
            }
        }
    }

    @Test
    void theHostsOwnNamespaceCannotBeDeleted() {
        assertThatThrownBy(() -> NetworkNamespace.host().delete()).isInstanceOf(IllegalStateException.class);
    }

    /// `net:[4026531840]`. Not by listing interfaces: Java reads `/proc/net`, which belongs to the process' first
    /// thread.
    private static String current() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
    }
}
