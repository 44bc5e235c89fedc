package dev.fairway.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.table.Backend;
import dev.fairway.table.Balancing;
import dev.fairway.table.NameEntry;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.SessionAffinity;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Questions below `cluster.local.` and their answers as `type data`, separated by `;`, sorted; or the rcode, where
/// NODATA is a NOERROR without answers; or `outside` with the name to ask upstream.
class AnswersTest {

    private static final String SVC = ".svc.cluster.local";

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            web.default                    | A    | A 10.96.0.5
            web.default                    | AAAA | AAAA fd00:10:96::5
            WEB.Default                    | A    | A 10.96.0.5
            web.default                    | ANY  | A 10.96.0.5; AAAA fd00:10:96::5; SRV 0 50 443 web.default; SRV 0 50 80 web.default
            plain.default                  | AAAA | NODATA
            plain.default                  | TXT  | NODATA
            unset.default                  | A    | NODATA
            _http._tcp.web.default         | SRV  | SRV 0 100 80 web.default
            http.tcp.web.default           | SRV  | SRV 0 100 80 web.default
            _http.tcp.web.default          | SRV  | SRV 0 100 80 web.default
            _http._udp.web.default         | SRV  | NXDOMAIN
            _http._tcp.web.default         | A    | NODATA
            _tcp.web.default               | SRV  | NODATA
            web.default                    | SRV  | SRV 0 50 443 web.default; SRV 0 50 80 web.default
            plain.default                  | SRV  | SRV 0 100 80 plain.default
            _dns._udp.kube-dns.kube-system | SRV  | SRV 0 100 53 kube-dns.kube-system
            a.web.default                  | A    | NXDOMAIN
            a.b.c.web.default              | A    | NXDOMAIN
            none.default                   | A    | NXDOMAIN
            web.kube-system                | A    | NXDOMAIN
            web.nowhere                    | A    | NXDOMAIN
            default                        | A    | NODATA
            bare                           | A    | NODATA
            nowhere                        | A    | NXDOMAIN
            db.default                     | A    | A 10.244.1.1; A 10.244.1.2; A 10.244.1.3
            db.default                     | AAAA | AAAA fd00:10:244:1::
            db-0.db.default                | A    | A 10.244.1.1
            db-0.db.default                | AAAA | NODATA
            10-244-1-3.db.default          | A    | A 10.244.1.3
            fd00-10-244-1--0.db.default    | AAAA | AAAA fd00:10:244:1::
            db-2.db.default                | A    | NXDOMAIN
            10-244-1-1.db.default          | A    | NXDOMAIN
            _sql._tcp.db.default           | SRV  | SRV 0 33 5432 10-244-1-3.db.default; SRV 0 33 5432 db-0.db.default; SRV 0 33 5432 db-1.db.default
            empty.default                  | A    | NXDOMAIN
            empty.default                  | AAAA | NXDOMAIN
            out.default                    | A    | outside example.com. A after CNAME example.com.
            out.default                    | CNAME| CNAME example.com.
            out.default                    | SRV  | outside example.com. SRV after CNAME example.com.
            inner.default                  | A    | CNAME web.default; A 10.96.0.5
            dangling.default               | A    | NXDOMAIN with CNAME none.default
            loop-a.default                 | A    | SERVFAIL with CNAME loop-b.default
            """)
    void serviceNames(String name, String type, String answer) {
        assertThat(ask(name + SVC, type).replace(".svc.cluster.local.", "")).isEqualTo(answer);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            cluster.local                | A    | NODATA
            cluster.local                | NS   | NS ns.dns.cluster.local.
            cluster.local                | SOA  | SOA ns.dns.cluster.local. hostmaster.cluster.local. 7 7200 1800 86400 5
            svc.cluster.local            | A    | NODATA
            pod.cluster.local            | A    | NODATA
            default.pod.cluster.local    | A    | NODATA
            nowhere.pod.cluster.local    | A    | NXDOMAIN
            1-2-3-4.default.pod.cluster.local | A | NXDOMAIN
            dns.cluster.local            | A    | NODATA
            ns.dns.cluster.local         | A    | A 10.96.0.10
            ns.dns.cluster.local         | AAAA | AAAA fd00:10:96::a
            dns-version.cluster.local    | TXT  | TXT "1.1.0"
            dns-version.cluster.local    | A    | NODATA
            other.cluster.local          | A    | NXDOMAIN
            example.com                  | A    | outside example.com. A
            local                        | A    | outside local. A
            xcluster.local               | A    | outside xcluster.local. A
            .                            | NS   | outside . NS
            """)
    void theZoneItselfAndWhatIsOutside(String name, String type, String answer) {
        assertThat(ask(name, type)).isEqualTo(answer);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            5.0.96.10.in-addr.arpa       | PTR web.default.svc.cluster.local.
            1.1.244.10.in-addr.arpa      | PTR db-0.db.default.svc.cluster.local.
            3.1.244.10.in-addr.arpa      | PTR 10-244-1-3.db.default.svc.cluster.local.
            99.0.96.10.in-addr.arpa      | NXDOMAIN
            99.0.111.10.in-addr.arpa     | NXDOMAIN
            99.0.112.10.in-addr.arpa     | outside 99.0.112.10.in-addr.arpa. PTR
            0.96.10.in-addr.arpa         | NODATA
            10.in-addr.arpa              | outside 10.in-addr.arpa. PTR
            in-addr.arpa                 | outside in-addr.arpa. PTR
            05.0.96.10.in-addr.arpa      | outside 05.0.96.10.in-addr.arpa. PTR
            1.5.0.96.10.in-addr.arpa     | outside 1.5.0.96.10.in-addr.arpa. PTR
            5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa | PTR web.default.svc.cluster.local.
            6.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa | NXDOMAIN
            0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.4.4.2.0.0.1.0.0.0.0.d.f.ip6.arpa | PTR fd00-10-244-1--0.db.default.svc.cluster.local.
            """)
    void reverseNames(String name, String answer) {
        assertThat(ask(name, "PTR")).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({
        "none.default.svc.cluster.local, cluster.local.",
        "default.svc.cluster.local, cluster.local.",
        "99.0.97.10.in-addr.arpa, 97.10.in-addr.arpa.",
        "99.0.244.10.in-addr.arpa, 244.10.in-addr.arpa."
    })
    void denialsCarryTheSoaOfTheirZone(String name, String zone) {
        Answer answer = answered(name, RecordType.A);

        assertThat(answer.authoritative()).isTrue();
        assertThat(answer.authority()).singleElement().satisfies(soa -> {
            assertThat(soa.name()).hasToString(zone);
            assertThat(soa.is(RecordType.SOA)).isTrue();
            assertThat(soa.ttlSeconds()).isEqualTo(5);
        });
    }

    @Test
    void serviceRecordsBringTheAddressesOfTheirTargets() {
        assertThat(answered("_http._tcp.web.default.svc.cluster.local", RecordType.SRV)
                        .additional())
                .extracting(ResourceRecord::toString)
                .containsExactly(
                        "web.default.svc.cluster.local. 5 IN A 10.96.0.5",
                        "web.default.svc.cluster.local. 5 IN AAAA fd00:10:96::5");
        assertThat(answered("_sql._tcp.db.default.svc.cluster.local", RecordType.SRV)
                        .additional())
                .hasSize(3);
        assertThat(answered("cluster.local", RecordType.NS).additional()).hasSize(2);
    }

    @Test
    void rotationMovesTheFirstAddress() {
        Question question = Question.of(DnsName.parse("db.default.svc.cluster.local"), RecordType.A);
        List<ResourceRecord> firsts = Stream.of(0, 1, 2)
                .map(turn -> ((Answers.Decision.Answered) Answers.answer(question, Zones.ZONE, turn))
                        .answer()
                        .answers()
                        .getFirst())
                .toList();

        assertThat(firsts).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "web.default.svc.cluster.local, SERVFAIL",
        "cluster.local, SERVFAIL",
        "5.0.96.10.in-addr.arpa, SERVFAIL",
        "example.com, outside example.com. A",
        "5.0.0.10.in-addr.arpa, outside 5.0.0.10.in-addr.arpa. A"
    })
    void beforeTheFirstTableNothingIsDenied(String name, String answer) {
        assertThat(text(Answers.answer(Question.of(DnsName.parse(name), RecordType.A), Zone.empty(Zones.SETTINGS), 0)))
                .isEqualTo(answer);
    }

    @Test
    void denialsSayWhy() {
        assertThat(answered("web.kube-system.svc.cluster.local", RecordType.A).explanation())
                .hasValueSatisfying(why ->
                        assertThat(why.text()).isEqualTo("no Service web in namespace kube-system, but in default"));
        assertThat(answered("empty.default.svc.cluster.local", RecordType.A).explanation())
                .hasValueSatisfying(
                        why -> assertThat(why.text()).isEqualTo("Service default/empty has no ready endpoint"));
    }

    @Test
    void anAddressWithNobodyBehindItIsGivenWithAWordAboutThat() {
        PortEntry port = new PortEntry(
                "http", Protocol.TCP, 80, List.of(), List.of(new Backend(IpAddress.parse("10.244.1.1"), 8080, false)));
        ServiceEntry busy = new ServiceEntry(
                new ServiceName("default", "busy"),
                new NameEntry.Addresses(List.of(IpAddress.parse("10.96.0.78"))),
                List.of(port),
                Balancing.RANDOM,
                SessionAffinity.NONE,
                true);
        ServiceEntry idle = Zones.addresses("default/idle", "10.96.0.77", "http/TCP/80");
        Zone zone = Zones.ZONE.next(ServiceTable.of(8, List.of(idle, busy), List.of("default")));

        assertThat(explanation(zone, "idle")).contains("Service default/idle has no ready endpoint");
        assertThat(explanation(zone, "busy")).isEmpty();
    }

    @Test
    void aServiceThatMovedIsFoundInItsNewNamespaceOnly() {
        Zone zone = Zones.ZONE;
        for (String namespace : List.of("shop", "kube-system")) {
            ServiceEntry moved = Zones.alias(namespace + "/moved", "a.example");
            zone = zone.next(ServiceTable.of(zone.revision() + 1, List.of(moved), List.of("default", namespace)));

            assertThat(explanation(zone, "moved"))
                    .contains("no Service moved in namespace default, but in " + namespace);
        }
    }

    private static Optional<String> explanation(Zone zone, String service) {
        Question question = Question.of(DnsName.parse(service + ".default.svc.cluster.local"), RecordType.A);
        return Answers.answer(question, zone, 0) instanceof Answers.Decision.Answered answered
                ? answered.answer().explanation().map(Answer.Explanation::text)
                : Optional.empty();
    }

    private static Answer answered(String name, RecordType type) {
        return ((Answers.Decision.Answered) Answers.answer(Question.of(DnsName.parse(name), type), Zones.ZONE, 0))
                .answer();
    }

    private static String ask(String name, String type) {
        Question question = Question.of(DnsName.parse(name), RecordType.valueOf(type));
        return text(Answers.answer(question, Zones.ZONE, 0));
    }

    private static String text(Answers.Decision decision) {
        return switch (decision) {
            case Answers.Decision.Outside(List<ResourceRecord> aliases, Question question) ->
                "outside " + question + (aliases.isEmpty() ? "" : " after " + lines(aliases));
            case Answers.Decision.Answered(Answer answer) -> {
                String rcode = answer.rcode() == Rcode.NOERROR
                        ? "NODATA"
                        : answer.rcode().name();
                if (answer.rcode() != Rcode.NOERROR && !answer.answers().isEmpty()) {
                    yield rcode + " with " + lines(answer.answers());
                }
                yield answer.answers().isEmpty() ? rcode : lines(answer.answers());
            }
        };
    }

    /// Aliases stay in front, the others are sorted.
    private static String lines(List<ResourceRecord> records) {
        return Stream.concat(
                        records.stream()
                                .filter(each -> each.is(RecordType.CNAME))
                                .map(AnswersTest::line),
                        records.stream()
                                .filter(each -> !each.is(RecordType.CNAME))
                                .map(AnswersTest::line)
                                .sorted())
                .collect(Collectors.joining("; "));
    }

    private static String line(ResourceRecord each) {
        return RecordType.toText(each.type()) + " " + each.rdata();
    }
}
