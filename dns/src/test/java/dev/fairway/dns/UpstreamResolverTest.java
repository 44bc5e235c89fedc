package dev.fairway.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.dns.UpstreamResolver.Resolved;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamResolverTest {

    private static final EnumSet<RecordType> BOTH = EnumSet.of(RecordType.A, RecordType.AAAA);

    /// Each side is an rcode, then `address@ttl`.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NOERROR 192.0.2.2@60 192.0.2.1@90 | NOERROR 2001:db8::1@30 | [192.0.2.1, 192.0.2.2, 2001:db8::1] for 30
            NOERROR 192.0.2.1@0               | NOERROR                | [192.0.2.1] for 5
            NOERROR 192.0.2.1@99999           | SERVFAIL               | [192.0.2.1] for 3600
            NXDOMAIN                          | NXDOMAIN               | [] for 10
            NOERROR                           | SERVFAIL               | failed
            SERVFAIL                          | SERVFAIL               | failed
            REFUSED                           | NOERROR                | failed
            """)
    void joinsBothFamilies(String v4, String v6, String resolved) {
        UpstreamResolver resolver =
                new UpstreamResolver(question -> answer(question, question.asks(RecordType.A) ? v4 : v6));

        assertThat(text(resolver.resolve("example.com", BOTH))).isEqualTo(resolved);
    }

    @Test
    void anAddressResolvesToItselfAndNonsenseFails() {
        UpstreamResolver nobody = new UpstreamResolver(_ -> Answer.of(Rcode.SERVFAIL));

        assertThat(text(nobody.resolve("192.0.2.7", BOTH))).isEqualTo("[192.0.2.7] for 3600");
        assertThat(text(nobody.resolve("a..b", BOTH))).isEqualTo("failed");
    }

    private static String text(Resolved resolved) {
        return switch (resolved) {
            case Resolved.Found(List<IpAddress> addresses, int ttl) -> addresses + " for " + ttl;
            case Resolved.Failed _ -> "failed";
        };
    }

    private static Answer answer(Question question, String text) {
        String[] words = text.split(" ");
        List<ResourceRecord> records = Arrays.stream(words)
                .skip(1)
                .map(word -> word.split("@"))
                .map(part ->
                        ResourceRecord.address(question.name(), Integer.parseInt(part[1]), IpAddress.parse(part[0])))
                .toList();
        return new Answer(Rcode.valueOf(words[0]), false, records, List.of(), List.of(), Optional.empty());
    }
}
