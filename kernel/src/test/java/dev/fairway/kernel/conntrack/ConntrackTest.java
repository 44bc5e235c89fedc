package dev.fairway.kernel.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Rtnetlink;
import dev.fairway.kernel.Sysctl;
import dev.fairway.kernel.nft.Chain;
import dev.fairway.kernel.nft.Expr;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.kernel.nft.NftFamily;
import dev.fairway.kernel.nft.Rule;
import dev.fairway.kernel.nft.Table;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Connections over the loopback of a fresh namespace, which tracks them because a rule asks for their state.
class ConntrackTest {

    private static final int TCP = 6;
    private static final int UDP = 17;

    private final NetworkNamespace namespace =
            NetworkNamespace.create("fwt-ct-" + ProcessHandle.current().pid());
    private final Conntrack conntrack = Conntrack.open(namespace);

    @BeforeEach
    void trackConnections() {
        try (Rtnetlink links = Rtnetlink.open(namespace);
                NftConnection nft = NftConnection.open(namespace)) {
            links.setUp("lo");
            List<NftCommand> commands = new ArrayList<>();
            for (NftFamily family : NftFamily.values()) {
                Table table = new Table(family, "t");
                Chain chain = Chain.base(table, "output", Chain.Type.FILTER, Chain.Hook.OUTPUT, 0);
                commands.add(new NftCommand.AddTable(table));
                commands.add(new NftCommand.AddChain(chain));
                Expr fresh = new Expr.CtState(Expr.CtState.Bit.NEW);
                commands.add(new NftCommand.AddRule(table, "output", Rule.of("track", fresh, new Expr.Counter())));
            }
            nft.commit(commands);
        }
    }

    @AfterEach
    void close() {
        conntrack.close();
        namespace.delete();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, IPV4, IPV6", "::1, IPV6, IPV4"})
    void listsFlowsOfAProtocolAndEndsOne(String loopback, IpFamily family, IpFamily other) throws Exception {
        InetAddress address = IpAddress.parse(loopback).toInetAddress();
        try (DatagramSocket server = namespace.call(() -> new DatagramSocket(new InetSocketAddress(address, 0)));
                DatagramSocket client = namespace.call(() -> new DatagramSocket());
                ServerSocket listening = namespace.call(() -> new ServerSocket(0, 1, address));
                Socket connected = namespace.call(() -> new Socket(address, listening.getLocalPort()))) {
            client.send(new DatagramPacket(new byte[1], 1, address, server.getLocalPort()));

            List<Flow> flows = conntrack.flows(family, UDP);

            assertThat(flows).singleElement().satisfies(flow -> {
                assertThat(flow.original())
                        .isEqualTo(new Flow.Ends(
                                IpAddress.parse(loopback),
                                client.getLocalPort(),
                                IpAddress.parse(loopback),
                                server.getLocalPort()));
                assertThat(flow.reply().sourcePort()).isEqualTo(server.getLocalPort());
                assertThat(flow.isUntranslated()).isTrue();
            });
            assertThat(conntrack.flows(other, UDP)).isEmpty();
            assertThat(conntrack.flows(family, TCP))
                    .singleElement()
                    .satisfies(flow -> assertThat(flow.original().sourcePort()).isEqualTo(connected.getLocalPort()));

            assertThat(flowsTo(family, server.getLocalPort())).isEqualTo(flows);
            assertThat(flowsTo(family, server.getLocalPort(), 1, 2, 3, 4)).isEqualTo(flows);
            assertThat(flowsTo(family, client.getLocalPort())).isEmpty();
            assertThat(flowsTo(family, 1, 2, 3, 4, 5)).isEmpty();
            assertThat(flowsTo(other, server.getLocalPort())).isEmpty();
            assertThat(conntrack.use().entries()).as("the TCP and the UDP flow").isEqualTo(2);
            assertThat(conntrack.delete(flows.getFirst())).isTrue();

            assertThat(conntrack.flows(family, UDP)).isEmpty();
            assertThat(conntrack.delete(flows.getFirst())).as("once more").isFalse();
            assertThat(conntrack.flows(family, TCP)).hasSize(1);
            TableUse use = conntrack.use();
            assertThat(use.entries()).isEqualTo(1);
            assertThat(use.maximum())
                    .hasToString(Sysctl.read(namespace, "net.netfilter.nf_conntrack_max")
                            .orElseThrow());
            assertThat(use.dropped()).isZero();
            assertThat(use.evicted()).isZero();
        }
    }

    private List<Flow> flowsTo(IpFamily family, Integer... ports) {
        List<Flow> out = new ArrayList<>();
        conntrack.flowsTo(family, UDP, Set.of(ports), out::add);
        return out;
    }
}
