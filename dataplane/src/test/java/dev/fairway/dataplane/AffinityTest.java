package dev.fairway.dataplane;

import static dev.fairway.dataplane.Tables.port;
import static dev.fairway.dataplane.Tables.remote;
import static dev.fairway.dataplane.Tables.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.Value;
import dev.fairway.table.Backend;
import dev.fairway.table.Balancing;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AffinityTest {

    private static final List<IpAddress> CLIENTS = List.of(
            IpAddress.parse("10.244.1.7"),
            IpAddress.parse("203.0.113.200"),
            IpAddress.parse("fd00:244:1::7"),
            IpAddress.parse("2001:db8::200"));

    private record Learned(Layout layout, Element element) {}

    /// What judging everything says of what was right before, judging only what changed says as well.
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void aChangeIsJudgedAsTheWholeIs(long seed) {
        Random random = new Random(seed);
        Ruleset before = NftPlan.of(RandomTables.next(random, 1), Tables.NODE, Ruleset.empty());
        int wrong = 0;
        for (int revision = 2; revision <= 60; revision++) {
            Ruleset wanted = NftPlan.of(RandomTables.next(random, revision), Tables.NODE, before);
            Affinity whole = whole(wanted);
            Affinity wholeBefore = whole(before);
            Optional<Affinity> change = Affinity.between(before, wanted);
            for (Learned learned : learnable(before, wanted)) {
                if (!wholeBefore.isWrong(learned.layout(), learned.element())) {
                    boolean isWrong = whole.isWrong(learned.layout(), learned.element());
                    assertThat(change.isPresent() && change.get().isWrong(learned.layout(), learned.element()))
                            .as("seed %d, table %d: %s", seed, revision, learned)
                            .isEqualTo(isWrong);
                    wrong += isWrong ? 1 : 0;
                }
            }
            before = wanted;
        }
        assertThat(wrong).isPositive();
    }

    private static Affinity whole(Ruleset ruleset) {
        return Affinity.between(Ruleset.empty(), ruleset).orElseThrow();
    }

    /// All that clients could have learned by one ruleset or the other.
    private static Set<Learned> learnable(Ruleset... rulesets) {
        Set<Learned> out = new HashSet<>();
        for (Ruleset ruleset : rulesets) {
            ruleset.elements().forEach((at, endpoint) -> {
                for (Layout layout : Layout.ALL) {
                    List<Value> key = at.key().values();
                    if (at.set().equals(layout.endpoints())) {
                        out.addAll(of(layout, key.subList(0, key.size() - 1), endpoint));
                    } else if (at.set().equals(layout.nodePortEndpoints())) {
                        Tables.NODE.nodePorts().stream()
                                .filter(node -> node.family() == layout.ipFamily())
                                .forEach(node -> {
                                    List<Value> frontend = new ArrayList<>(List.of(Value.of(node)));
                                    frontend.addAll(key.subList(0, key.size() - 1));
                                    out.addAll(of(layout, frontend, endpoint));
                                });
                    }
                }
            });
        }
        return out;
    }

    private static List<Learned> of(Layout layout, List<Value> frontend, Element.Mapped endpoint) {
        List<Learned> out = new ArrayList<>();
        for (IpAddress client : CLIENTS) {
            if (client.family() == layout.ipFamily()) {
                List<Value> key = new ArrayList<>(List.of(Value.of(client)));
                key.addAll(frontend);
                out.add(new Learned(layout, new Element(new Element.Key(key), endpoint)));
            }
        }
        return out;
    }

    @Test
    void anEndpointMoreMakesNothingWrong() {
        Ruleset before = plan(Ruleset.empty(), sticky("a", 1, "10.244.2.2"), sticky("b", 2, "10.244.2.2"));
        Ruleset more = plan(before, sticky("a", 1, "10.244.2.2", "10.244.2.3"), sticky("b", 2, "10.244.2.2"));

        assertThat(Affinity.between(before, more)).isEmpty();
        assertThat(Affinity.between(more, before)).isPresent();
    }

    private static ServiceEntry sticky(String name, int number, String... endpoints) {
        Backend[] backends = Arrays.stream(endpoints).map(Tables::remote).toArray(Backend[]::new);
        return service(name, Balancing.RANDOM, 60, port(Protocol.TCP, "cluster:10.96.0." + number + ":80", backends));
    }

    /// As after a restart, when what is learned was learned by rules that nobody knows.
    @Test
    void whatNobodyKnowsIsJudgedAsAWhole() {
        Ruleset now = plan(Ruleset.empty(), sticky("a", 1, "10.244.2.2"));
        Element stale = new Element(
                Element.Key.of(
                        Value.of(CLIENTS.getFirst()),
                        Value.of(IpAddress.parse("10.96.0.99")),
                        new Value.Proto(Protocol.TCP.number()),
                        new Value.Port(80)),
                Element.Mapped.of(Value.of(remote("10.244.2.2").address()), new Value.Port(80)));

        assertThat(whole(now).isWrong(Layout.V4, stale)).isTrue();
    }

    private static Ruleset plan(Ruleset before, ServiceEntry... entries) {
        return NftPlan.of(Tables.table(1, entries), Tables.NODE, before);
    }
}
