package dev.fairway.dataplane;

import dev.fairway.dataplane.Layout.Drops;
import dev.fairway.dataplane.ServicePlan.FrontendAt;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.kernel.nft.NftSet;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the counters of refused and dropped packets: for whoever asks, and before elements go that have counted.
final class DropCounters {

    /// Thousands of Services may get their first endpoint one after the other: looking must not take more than a
    /// twentieth of the time. What a look that is left out would have found is lost.
    private static final int SHARE = 20;

    private final NftConnection nft;
    private final InstantSource clock;
    private DropLedger ledger = DropLedger.EMPTY;
    private long restUntilNanos = System.nanoTime();

    DropCounters(NftConnection nft, InstantSource clock) {
        this.nft = nft;
        this.clock = clock;
    }

    /// @param ruleset in force
    synchronized List<DropCount> read(Ruleset ruleset) {
        look(ruleset);
        ledger = ledger.of(service -> ruleset.plan(service).isPresent());
        return ledger.counts();
    }

    /// To be called before the commands are committed.
    ///
    /// @param before in force until then
    synchronized void changing(Ruleset before, List<NftCommand> commands) {
        Set<DropLedger.At> going = new HashSet<>();
        for (NftCommand command : commands) {
            if (command instanceof NftCommand.DeleteElements(NftSet set, List<Element.Key> keys) && set.counting()) {
                drops(set)
                        .ifPresent(drops ->
                                keys.forEach(key -> at(before, drops, key).ifPresent(going::add)));
            }
        }
        if (going.isEmpty()) {
            return;
        }
        if (System.nanoTime() - restUntilNanos >= 0) {
            look(before);
        }
        ledger = ledger.without(going::contains);
    }

    private void look(Ruleset ruleset) {
        long began = System.nanoTime();
        Map<DropLedger.At, Long> counters = new HashMap<>();
        for (Layout layout : Layout.ALL) {
            for (Drops drops : layout.drops()) {
                nft.readPackets(drops.set())
                        .forEach((key, packets) -> at(ruleset, drops, key).ifPresent(at -> counters.put(at, packets)));
            }
        }
        ledger = ledger.with(counters, clock.instant());
        restUntilNanos = System.nanoTime() + SHARE * (System.nanoTime() - began);
    }

    /// Empty for a set that counts something else.
    private static Optional<Drops> drops(NftSet set) {
        return Layout.ALL.stream()
                .flatMap(layout -> layout.drops().stream())
                .filter(drops -> drops.set().equals(set))
                .findFirst();
    }

    /// Empty for a frontend that no Service holds.
    private static Optional<DropLedger.At> at(Ruleset ruleset, Drops drops, Element.Key key) {
        Optional<FrontendAt> frontend = Place.frontend(drops.set().table().family(), key);
        return frontend.flatMap(
                at -> ruleset.claims().holder(at).map(service -> new DropLedger.At(service, at, drops.reason())));
    }
}
