package dev.fairway.app.trace;

import dev.fairway.address.IpAddress;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.dns.Answer;
import dev.fairway.dns.DnsName;
import dev.fairway.dns.Inquiry;
import dev.fairway.dns.Rdata;
import dev.fairway.dns.ResourceRecord;
import dev.fairway.dns.Upstream;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.schema.ObjectKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What a client's name server says a Service's name is.
///
/// @param server who was asked
/// @param records as in a zone file
/// @param addresses those among them
/// @param said in a few words, when there is no record
public record NameAnswer(String name, IpAddress server, List<String> records, List<IpAddress> addresses, String said) {

    /// Names of Services are answered at hand.
    private static final int PATIENCE_MILLIS = 700;

    public NameAnswer {
        records = List.copyOf(records);
        addresses = List.copyOf(addresses);
    }

    /// Asks in the family of `like`.
    ///
    /// @param from where the question is put
    public static NameAnswer ask(NetworkNamespace from, ClusterConfig cluster, ObjectKey service, IpAddress like) {
        String name = service.name() + "." + service.namespace() + ".svc."
                + cluster.dns().domain();
        IpAddress server = cluster.dns().addresses().stream()
                .filter(address -> address.family() == like.family())
                .findFirst()
                .orElse(cluster.dns().addresses().getFirst());
        try {
            Answer answer = Inquiry.addresses(
                    from, Upstream.of(server), Inquiry.Transport.UDP, DnsName.parse(name), PATIENCE_MILLIS);
            List<IpAddress> addresses = new ArrayList<>();
            for (ResourceRecord found : answer.answers()) {
                if (found.rdata() instanceof Rdata.Address(IpAddress address)) {
                    addresses.add(address);
                }
            }
            String why = answer.explanation().map(it -> ": " + it.text()).orElse("");
            return new NameAnswer(
                    name,
                    server,
                    answer.answers().stream().map(ResourceRecord::toString).toList(),
                    addresses,
                    answer.rcode().name() + why);
        } catch (IOException e) {
            return new NameAnswer(name, server, List.of(), List.of(), "no answer: " + e.getMessage());
        }
    }
}
