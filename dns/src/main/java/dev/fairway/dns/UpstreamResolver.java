package dev.fairway.dns;

import dev.fairway.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// The addresses of an external name, as the cluster's own DNS would answer them.
public final class UpstreamResolver {

    static final int MIN_TTL_SECONDS = 5;
    /// How long to believe that a name has no addresses, and how long to wait after a failure.
    static final int RETRY_SECONDS = 10;

    /// What a name resolves to.
    public sealed interface Resolved {

        /// @param addresses sorted, IPv4 first; empty when the name does not exist or has none
        /// @param ttlSeconds how long to keep them before asking again: at least 5
        record Found(List<IpAddress> addresses, int ttlSeconds) implements Resolved {}

        /// Nobody could be asked: keep what is known and ask again after `retrySeconds`.
        record Failed(String why, int retrySeconds) implements Resolved {}
    }

    private final Function<Question, Answer> source;

    UpstreamResolver(Function<Question, Answer> source) {
        this.source = source;
    }

    /// Asks for the wanted types, `A` and `AAAA`. Blocks for at most two seconds each.
    public Resolved resolve(String name, Set<RecordType> types) {
        Optional<IpAddress> literal = IpAddress.tryParse(name);
        if (literal.isPresent()) {
            return new Resolved.Found(List.of(literal.get()), AnswerCache.MAX_TTL_SECONDS);
        }
        return DnsName.tryParse(name)
                .map(parsed -> resolve(parsed, types))
                .orElseGet(() -> new Resolved.Failed("\"" + name + "\" is no domain name", RETRY_SECONDS));
    }

    private Resolved resolve(DnsName name, Set<RecordType> types) {
        TreeSet<IpAddress> addresses = new TreeSet<>();
        List<String> failures = new ArrayList<>();
        int ttl = AnswerCache.MAX_TTL_SECONDS;
        for (RecordType type : new TreeSet<>(types)) {
            Answer answer = source.apply(Question.of(name, type));
            if (answer.rcode() != Rcode.NOERROR && answer.rcode() != Rcode.NXDOMAIN) {
                failures.add(answer.rcode()
                        + answer.explanation()
                                .map(why -> " (" + why.text() + ")")
                                .orElse(""));
            }
            for (ResourceRecord each : answer.answers()) {
                ttl = Math.min(ttl, each.ttlSeconds());
                if (each.rdata() instanceof Rdata.Address(IpAddress address)) {
                    addresses.add(address);
                }
            }
        }
        if (addresses.isEmpty() && !failures.isEmpty()) {
            return new Resolved.Failed("resolve " + name + ": " + String.join(", ", failures), RETRY_SECONDS);
        }
        int keep = addresses.isEmpty() ? RETRY_SECONDS : Math.max(MIN_TTL_SECONDS, ttl);
        return new Resolved.Found(List.copyOf(addresses), keep);
    }
}
