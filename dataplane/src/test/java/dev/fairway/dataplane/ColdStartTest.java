package dev.fairway.dataplane;

import static dev.fairway.dataplane.Tables.local;
import static dev.fairway.dataplane.Tables.port;
import static dev.fairway.dataplane.Tables.remote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.conntrack.Conntrack;
import dev.fairway.kernel.netlink.NetlinkWire;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.table.Backend;
import dev.fairway.table.Balancing;
import dev.fairway.table.NameEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.SessionAffinity;
import dev.fairway.table.TableFeed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is there first on a node that had nothing.
class ColdStartTest {

    private static final List<ServiceEntry> FIRST = List.of(
            service("default/kubernetes", "10.96.0.1", remote("10.244.2.9")),
            service("kube-system/kube-dns", "10.96.0.10", remote("10.244.2.9")),
            service("shop/here", "10.96.0.11", remote("10.244.2.9"), local("10.244.1.2")));

    private static ServiceEntry service(String name, String address, Backend... backends) {
        String[] parts = name.split("/");
        return new ServiceEntry(
                new ServiceName(parts[0], parts[1]),
                new NameEntry.Addresses(List.of()),
                List.of(port(Protocol.TCP, "cluster:" + address + ":80", backends)),
                Balancing.RANDOM,
                SessionAffinity.NONE,
                true);
    }

    private static ServiceTable table(int others) {
        Stream<ServiceEntry> more = IntStream.range(0, others)
                .mapToObj(i -> service(
                        "shop/s" + i, IpAddress.parse("10.96.4.0").plus(i).toString(), remote("10.244.2.2")));
        return ServiceTable.of(1, Stream.concat(FIRST.stream(), more).toList(), List.of("shop"));
    }

    @ParameterizedTest
    @CsvSource({"10, 13", "997, 1000", "998, 3 1001", "1997, 3 2000", "4997, 3 2000 4000 5000"})
    void onlyALargeRulesetComesInSteps(int others, String sizes) {
        assertThat(ColdStart.steps(table(others)).stream()
                        .map(step -> Integer.toString(step.services().size())))
                .containsExactly(sizes.split(" "));
    }

    @Test
    void theFirstBatchHasWhatNobodyCanDoWithout() {
        ServiceTable table = table(2_000);
        NetworkNamespace namespace =
                NetworkNamespace.create("fwt-cold-" + ProcessHandle.current().pid());
        List<Integer> before = new ArrayList<>();
        try (NftConnection other = NftConnection.open(namespace);
                NftConnection nft = NftConnection.open(namespace, kernel -> new Counting(kernel, other, before));
                Conntrack conntrack = Conntrack.open(namespace)) {
            DataplaneLoop loop =
                    new DataplaneLoop(namespace, nft, conntrack, () -> Tables.NODE, new TableFeed(), SyncListener.NONE);

            assertThat(loop.step(table)).isTrue();

            assertThat(before).containsExactly(0, FIRST.size(), 2_000);
            assertThat(services(other)).isEqualTo(table.services().size());
            assertThat(loop.realized().revision()).isEqualTo(1);
        } finally {
            namespace.delete();
        }
    }

    private static int services(NftConnection nft) {
        return (int) NftReader.read(nft).elements().keySet().stream()
                .filter(at -> at.set().equals(Layout.V4.services()))
                .count();
    }

    /// Notes before each batch how many Services the kernel has.
    private record Counting(NetlinkWire kernel, NftConnection other, List<Integer> before) implements NetlinkWire {

        private static final int TYPE_AT = 4;
        private static final int BATCH_BEGIN = 0x10;

        @Override
        public long send(byte[] datagram) {
            if (ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder()).getShort(TYPE_AT) == BATCH_BEGIN) {
                before.add(services(other));
            }
            return kernel.send(datagram);
        }

        @Override
        public long receive(ByteBuffer buffer, int flags) {
            return kernel.receive(buffer, flags);
        }
    }
}
