package dev.fairway.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.ListeningSocket.Transport;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListeningSocketTest {

    @Test
    void socketsThatWaitAreFoundWithTheirProcess() throws Exception {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        try (ServerSocket tcp = new ServerSocket(0, 1, loopback);
                Socket client = new Socket(loopback, tcp.getLocalPort());
                ServerSocket six = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"));
                DatagramSocket udp = new DatagramSocket(0, loopback)) {
            List<ListeningSocket> found = ListeningSocket.in(NetworkNamespace.host());

            assertThat(found)
                    .anySatisfy(socket -> {
                        assertThat(socket.transport()).isEqualTo(Transport.TCP);
                        assertThat(socket.address()).isEqualTo(IpAddress.parse("127.0.0.1"));
                        assertThat(socket.port()).isEqualTo(tcp.getLocalPort());
                        assertThat(socket.process().orElseThrow())
                                .endsWith("(process " + ProcessHandle.current().pid() + ")");
                    })
                    .anySatisfy(socket -> {
                        assertThat(socket.address()).isEqualTo(IpAddress.parse("::1"));
                        assertThat(socket.port()).isEqualTo(six.getLocalPort());
                    })
                    .anySatisfy(socket -> {
                        assertThat(socket.transport()).isEqualTo(Transport.UDP);
                        assertThat(socket.port()).isEqualTo(udp.getLocalPort());
                    })
                    .noneSatisfy(socket -> assertThat(socket.port()).isEqualTo(client.getLocalPort()));
        }
    }
}
