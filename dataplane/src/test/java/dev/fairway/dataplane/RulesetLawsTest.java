package dev.fairway.dataplane;

import static dev.fairway.dataplane.Tables.port;
import static dev.fairway.dataplane.Tables.remote;
import static dev.fairway.dataplane.Tables.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.dataplane.Block.ChainRules;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.table.Backend;
import dev.fairway.table.Balancing;
import dev.fairway.table.PersistentMap;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesetLawsTest {

    /// Whatever table follows whatever table: the commands make of one ruleset the other, and the kernel would take
    /// each of them. The ruleset is what a first start would make, apart from the endpoints' slots. Sometimes the
    /// program restarts in between and knows only what it reads.
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void commandsLeadFromAnyRulesetToAnyOther(long seed) {
        Random random = new Random(seed);
        FakeNft fake = new FakeNft();
        Ruleset have = fake.found();
        for (int revision = 1; revision <= 60; revision++) {
            Ruleset before = random.nextInt(4) == 0 ? fake.found() : have;
            ServiceTable table = RandomTables.next(random, revision);
            Ruleset wanted = NftPlan.of(table, Tables.NODE, before);

            fake.commit(before.commandsTo(wanted));

            assertThat(fake.elements).as("seed %d, table %d", seed, revision).isEqualTo(wanted.elements());
            assertThat(fake.chains).isEqualTo(comments(wanted));
            Ruleset anew = NftPlan.of(table, Tables.NODE, Ruleset.empty());
            assertThat(wanted.elements().keySet()).isEqualTo(anew.elements().keySet());
            assertThat(comments(wanted)).isEqualTo(comments(anew));
            assertThat(NftPlan.problems(wanted)).isEqualTo(NftPlan.problems(anew));
            assertThat(wanted.commandsTo(wanted)).isEmpty();
            assertThat(fake.found().commandsTo(wanted)).isEmpty();
            have = wanted;
        }
    }

    private static Map<Block.ChainAt, List<String>> comments(Ruleset ruleset) {
        TreeMap<Block.ChainAt, List<String>> comments = new TreeMap<>();
        ruleset.chains().forEach((at, chain) -> comments.put(at, commentsOf(chain)));
        return comments;
    }

    private static List<String> commentsOf(ChainRules chain) {
        return chain.comments();
    }

    @Test
    void oneEndpointLessIsOneSmallBatch() {
        Ruleset three = plan(Ruleset.empty(), "10.244.2.2", "10.244.2.3", "10.244.2.4");
        Ruleset two = plan(three, "10.244.2.3", "10.244.2.4");

        assertThat(three.commandsTo(two).stream().map(NftCommand::toText))
                .containsExactly(
                        """
                delete element ip fairway endpoints { 10.96.0.1 . tcp . 80 . 0x00000000, \
                10.96.0.1 . tcp . 80 . 0x00000002 }""",
                        "delete element ip fairway services { 10.96.0.1 . tcp . 80 }",
                        "add chain ip fairway pick-2",
                        "flush chain ip fairway pick-3",
                        "add rule ip fairway pick-2 dnat ip to ip daddr . meta l4proto . th dport . numgen random mod 2"
                                + " map @endpoints comment \"" + comment(two, "pick-2") + "\"",
                        "delete chain ip fairway pick-3",
                        "add element ip fairway endpoints { 10.96.0.1 . tcp . 80 . 0x00000000 : 10.244.2.4 . 8080 }",
                        "add element ip fairway services { 10.96.0.1 . tcp . 80 : goto pick-2 }");
    }

    @Test
    void anotherEndpointInPlaceOfOneIsOneElement() {
        Ruleset before = plan(Ruleset.empty(), "10.244.2.2", "10.244.2.3");
        Ruleset after = plan(before, "10.244.2.3", "10.244.2.9");

        assertThat(before.commandsTo(after).stream().map(NftCommand::toText))
                .containsExactly(
                        "delete element ip fairway endpoints { 10.96.0.1 . tcp . 80 . 0x00000000 }",
                        "add element ip fairway endpoints { 10.96.0.1 . tcp . 80 . 0x00000000 : 10.244.2.9 . 8080 }");
    }

    /// What changes is what it costs: the others are the same objects and are not even compared.
    @ParameterizedTest
    @ValueSource(ints = {1, 100, 2_000})
    void anEndpointAmongManyServicesIsTwoCommands(int services) {
        Ruleset before = NftPlan.of(many(services, "10.244.2.2"), Tables.NODE, Ruleset.empty());
        Ruleset after = NftPlan.of(many(services, "10.244.2.3"), Tables.NODE, before);

        assertThat(before.commandsTo(after)).hasSize(2);
        assertThat(after.base()).isSameAs(before.base());
        assertThat(after.shared()).isSameAs(before.shared());
        assertThat(after.plans().stream()
                        .filter(plan -> !before.plan(plan.entry().service()).equals(Optional.of(plan))))
                .hasSize(1);
    }

    /// Work is counted, not timed: what must be looked at to find a change hardly grows with the table.
    @ParameterizedTest
    @ValueSource(ints = {1_000, 50_000})
    void aChangeLooksAtItsOwnPathOnly(int services) {
        ServiceTable table = many(services, "10.244.2.2");
        Ruleset before = NftPlan.of(table, Tables.NODE, Ruleset.empty());
        ServiceEntry changed =
                service("s777", Balancing.RANDOM, 0, port(Protocol.TCP, "cluster:10.96.3.28:80", remote("10.244.2.3")));
        ServiceEntry come =
                service("new", Balancing.RANDOM, 0, port(Protocol.TCP, "cluster:10.98.4.250:80", remote("10.244.2.2")));

        Ruleset afterChange = NftPlan.of(with(table, changed), Tables.NODE, before);
        Ruleset afterCome = NftPlan.of(with(table, come), Tables.NODE, before);

        assertThat(before.commandsTo(afterChange)).hasSize(2);
        assertThat(afterChange.claims()).isSameAs(before.claims());
        assertThat(afterChange.shared()).isSameAs(before.shared());
        for (Ruleset after : List.of(afterChange, afterCome)) {
            assertThat(cost(before.entries(), after.entries())).isLessThan(100);
            assertThat(cost(before.planMap(), after.planMap())).isLessThan(100);
            assertThat(cost(before.claims().claims(), after.claims().claims())).isLessThan(100);
            assertThat(cost(before.shared().elements(), after.shared().elements()))
                    .isLessThan(100);
        }
    }

    private static ServiceTable with(ServiceTable table, ServiceEntry entry) {
        return new ServiceTable(
                table.revision() + 1, table.services().with(entry.service(), entry), table.namespaces());
    }

    private static <K extends Comparable<? super K>, V> int cost(PersistentMap<K, V> from, PersistentMap<K, V> to) {
        return from.differences(to, Object::equals, (_, _, _) -> {});
    }

    /// Services of one endpoint each; that of the first is given.
    private static ServiceTable many(int services, String first) {
        List<ServiceEntry> entries = new ArrayList<>();
        for (int i = 0; i < services; i++) {
            String frontend = "cluster:10.96." + i / 250 + "." + (1 + i % 250) + ":80";
            PortEntry port = port(Protocol.TCP, frontend, remote(i == 0 ? first : "10.244.2.2"));
            entries.add(service("s" + i, Balancing.RANDOM, 0, port));
        }
        return Tables.table(1, entries.toArray(ServiceEntry[]::new));
    }

    @Test
    void aFrontendThatIsHeldAlreadyIsAProblem() {
        PortEntry mine = port(Protocol.TCP, "external:192.0.2.1:80", remote("10.244.2.2"));
        PortEntry yours = port(Protocol.TCP, "lb:192.0.2.1:80", remote("10.244.2.3"));
        ServiceTable table =
                Tables.table(1, service("a", Balancing.RANDOM, 0, mine), service("b", Balancing.RANDOM, 0, yours));

        Ruleset ruleset = NftPlan.of(table, Tables.NODE, Ruleset.empty());

        assertThat(NftPlan.problems(ruleset))
                .singleElement()
                .hasToString("Problem[service=Optional[default/b], text=192.0.2.1:80 tcp is already held by Service"
                        + " default/a: give one of them another address or port]");
    }

    private static Ruleset plan(Ruleset before, String... backends) {
        Backend[] parsed = java.util.Arrays.stream(backends).map(Tables::remote).toArray(Backend[]::new);
        PortEntry port = port(Protocol.TCP, "cluster:10.96.0.1:80", parsed);
        return NftPlan.of(Tables.table(1, service("web", Balancing.RANDOM, 0, port)), Tables.NODE, before);
    }

    private static String comment(Ruleset ruleset, String chain) {
        ChainRules rules = ruleset.chains().get(new Block.ChainAt(Layout.V4.table(), chain));
        return java.util.Objects.requireNonNull(rules).comments().getFirst();
    }
}
