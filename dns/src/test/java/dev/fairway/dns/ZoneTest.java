package dev.fairway.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.table.PersistentMap;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZoneTest {

    private static final List<String> NAMESPACES = List.of("default", "shop");

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

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void anyChainOfTablesEndsWhereAFreshZoneBegins(long seed) {
        Random random = new Random(seed);
        Zone zone = Zone.empty(Zones.SETTINGS);
        Map<String, ServiceEntry> entries = new TreeMap<>();
        for (int step = 0; step < 200; step++) {
            for (int change = random.nextInt(random.nextBoolean() ? 3 : 12); change > 0; change--) {
                String name = NAMESPACES.get(random.nextInt(NAMESPACES.size())) + "/s" + random.nextInt(5);
                randomEntry(random, name)
                        .ifPresentOrElse(entry -> entries.put(name, entry), () -> entries.remove(name));
            }
            ServiceTable table = table(entries.values().toArray(ServiceEntry[]::new));
            zone = zone.next(table);
            Zone fresh = Zone.empty(Zones.SETTINGS).next(table);

            String where = "seed %d step %d".formatted(seed, step);
            assertThat(zone.services()).as(where).isEqualTo(fresh.services());
            assertThat(answers(zone)).as(where).isEqualTo(answers(fresh));
        }
    }

    private static Optional<ServiceEntry> randomEntry(Random random, String name) {
        return switch (random.nextInt(4)) {
            case 0 -> Optional.of(Zones.addresses(name, "10.96.0." + random.nextInt(4), "http/TCP/80"));
            case 1 -> {
                String hostname = random.nextBoolean() ? "x" : "";
                yield Optional.of(Zones.headless(name, hostname + "=10.244.0." + random.nextInt(4) + ":sql/1"));
            }
            case 2 -> Optional.of(Zones.alias(name, "example.com"));
            default -> Optional.empty();
        };
    }

    private static List<Answers.Decision> answers(Zone zone) {
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            for (String namespace : NAMESPACES) {
                DnsName name = DnsName.parse("s" + i + "." + namespace + ".svc.cluster.local");
                List.of(RecordType.A, RecordType.SRV, RecordType.CNAME)
                        .forEach(type -> questions.add(Question.of(name, type)));
            }
            questions.add(Question.of(DnsName.parse(i + ".0.96.10.in-addr.arpa"), RecordType.PTR));
            questions.add(Question.of(DnsName.parse(i + ".0.244.10.in-addr.arpa"), RecordType.PTR));
        }
        return questions.stream()
                .map(question -> Answers.answer(question, zone, 0))
                .toList();
    }

    /// Work is counted, not timed: what differs between two zones is a path, however many Services there are.
    @ParameterizedTest
    @ValueSource(ints = {1_000, 20_000})
    void aChangeSharesAllButItsOwnPath(int services) {
        ServiceTable table = many(services);
        Zone before = Zone.empty(Zones.SETTINGS).next(table);
        ServiceEntry moved = Zones.headless("default/s777", "=10.244.200.1:sql/1");
        ServiceEntry come = Zones.headless("default/new", "=10.244.200.2:sql/1");

        ZoneServices afterMove = before.next(with(table, moved)).services();
        ZoneServices afterCome = before.next(with(table, come)).services();

        assertThat(afterMove.homes()).isSameAs(before.services().homes());
        for (ZoneServices after : List.of(afterMove, afterCome)) {
            assertThat(cost(before.services().zones(), after.zones())).isLessThan(100);
            assertThat(cost(
                            before.services().pointers().sets(),
                            after.pointers().sets()))
                    .isLessThan(200);
            assertThat(cost(before.services().homes().sets(), after.homes().sets()))
                    .isLessThan(100);
        }
    }

    @Test
    void endpointsBehindAnAddressLeaveThePointersAndHomesAsTheyAre() {
        ServiceEntry idle = Zones.addresses("default/web", "10.96.0.5", "http/TCP/80");
        ServiceEntry busy = Zones.addresses("default/web", "10.96.0.5", "http/TCP/80 https/TCP/443");
        Zone before = Zone.empty(Zones.SETTINGS).next(table(idle));
        Zone same = before.next(table(Zones.addresses("default/web", "10.96.0.5", "http/TCP/80")));
        Zone after = before.next(table(busy));

        assertThat(same.services().zones()).isSameAs(before.services().zones());
        assertThat(after.services().zones()).isNotEqualTo(before.services().zones());
        assertThat(after.services().pointers()).isSameAs(before.services().pointers());
        assertThat(after.services().homes()).isSameAs(before.services().homes());
    }

    private ServiceTable many(int services) {
        return table(IntStream.range(0, services)
                .mapToObj(i -> Zones.headless("default/s" + i, "=10.244." + i / 250 + "." + (1 + i % 250) + ":sql/1"))
                .toArray(ServiceEntry[]::new));
    }

    private ServiceTable with(ServiceTable table, ServiceEntry entry) {
        return new ServiceTable(revision++, table.services().with(entry.service(), entry), table.namespaces());
    }

    private static <K extends Comparable<? super K>, V> int cost(PersistentMap<K, V> from, PersistentMap<K, V> to) {
        return from.differences(to, Object::equals, (_, _, _) -> {});
    }

    private ServiceTable table(ServiceEntry... entries) {
        return ServiceTable.of(revision++, List.of(entries), NAMESPACES);
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
