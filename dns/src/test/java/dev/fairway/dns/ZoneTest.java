package dev.fairway.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ZoneTest {

    private static final List<String> NAMES = List.of("default");

    private long revision = 1;

    @Test
    void aDeletedServiceIsGoneForwardAndBack() {
        Zone zone = Zone.empty(Zones.SETTINGS).next(table(Zones.addresses("default/web", "10.96.0.5", "")));
        assertThat(rcode(zone, "web.default.svc.cluster.local", RecordType.A)).isEqualTo(Rcode.NOERROR);
        Zone later = zone.next(table());

        assertThat(rcode(later, "web.default.svc.cluster.local", RecordType.A)).isEqualTo(Rcode.NXDOMAIN);
        assertThat(rcode(later, "5.0.96.10.in-addr.arpa", RecordType.PTR)).isEqualTo(Rcode.NXDOMAIN);
        assertThat(rcode(zone, "5.0.96.10.in-addr.arpa", RecordType.PTR)).isEqualTo(Rcode.NOERROR);
    }

    @Test
    void twoServicesOfOneEndpointGiveTwoPointers() {
        Zone zone = Zone.empty(Zones.SETTINGS)
                .next(table(Zones.headless("default/a", "x=10.244.1.1:"), Zones.headless("default/b", "=10.244.1.1:")));
        assertThat(pointers(zone, "1.1.244.10.in-addr.arpa"))
                .containsExactly("10-244-1-1.b.default.svc.cluster.local.", "x.a.default.svc.cluster.local.");

        Zone later = zone.next(table(Zones.headless("default/b", "=10.244.1.1:")));
        assertThat(pointers(later, "1.1.244.10.in-addr.arpa"))
                .containsExactly("10-244-1-1.b.default.svc.cluster.local.");
    }

    @Test
    void anyChainOfTablesEndsWhereAFreshZoneBegins() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Zone zone = Zone.empty(Zones.SETTINGS);
        List<ServiceEntry> entries = new ArrayList<>();
        for (int step = 0; step < 200; step++) {
            String name = "default/s" + random.nextInt(5);
            entries.removeIf(entry -> entry.service().toString().equals(name));
            switch (random.nextInt(4)) {
                case 0 -> entries.add(Zones.addresses(name, "10.96.0." + random.nextInt(4), "http/TCP/80"));
                case 1 -> entries.add(Zones.headless(name, "=10.244.0." + random.nextInt(4) + ":sql/1"));
                case 2 -> entries.add(Zones.alias(name, "example.com"));
                default -> {}
            }
            ServiceTable table = table(entries.toArray(ServiceEntry[]::new));
            zone = zone.next(table);
            assertSame(zone, Zone.empty(Zones.SETTINGS).next(table), "seed %d step %d".formatted(seed, step));
        }
    }

    private static void assertSame(Zone chained, Zone fresh, String where) {
        for (int i = 0; i < 5; i++) {
            for (RecordType type : List.of(RecordType.A, RecordType.SRV, RecordType.CNAME)) {
                same(chained, fresh, "s" + i + ".default.svc.cluster.local", type, where);
            }
            same(chained, fresh, i + ".0.96.10.in-addr.arpa", RecordType.PTR, where);
            same(chained, fresh, i + ".0.244.10.in-addr.arpa", RecordType.PTR, where);
        }
    }

    private static void same(Zone chained, Zone fresh, String name, RecordType type, String where) {
        Question question = Question.of(DnsName.parse(name), type);
        assertThat(Answers.answer(question, chained, 0))
                .as("%s %s", where, question)
                .isEqualTo(Answers.answer(question, fresh, 0));
    }

    private ServiceTable table(ServiceEntry... entries) {
        return ServiceTable.of(revision++, List.of(entries), NAMES);
    }

    private static Rcode rcode(Zone zone, String name, RecordType type) {
        return answer(zone, name, type).rcode();
    }

    private static List<String> pointers(Zone zone, String name) {
        return answer(zone, name, RecordType.PTR).answers().stream()
                .map(each -> each.rdata().toString())
                .toList();
    }

    private static Answer answer(Zone zone, String name, RecordType type) {
        return ((Answers.Decision.Answered) Answers.answer(Question.of(DnsName.parse(name), type), zone, 0)).answer();
    }
}
