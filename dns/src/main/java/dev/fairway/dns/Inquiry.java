package dev.fairway.dns;

import dev.fairway.address.IpFamily;
import dev.fairway.kernel.NetworkNamespace;
import java.io.IOException;

/// A question put to a name server from within a namespace, over one transport alone: for who wants to know whether the
/// server answers there.
public final class Inquiry {

    /// How the question travels.
    public enum Transport {
        UDP,
        TCP
    }

    private Inquiry() {}

    /// Asks for the addresses of a name, of the family in which the server is asked.
    ///
    /// @throws IOException when there is no valid reply in time, or the server cannot be reached
    public static Answer addresses(
            NetworkNamespace from, Upstream server, Transport transport, DnsName name, int timeoutMillis)
            throws IOException {
        RecordType type = server.address().family() == IpFamily.IPV4 ? RecordType.A : RecordType.AAAA;
        try (SocketExchange exchange = new SocketExchange(from)) {
            return exchange.ask(server, transport, Question.of(name, type), timeoutMillis);
        }
    }
}
